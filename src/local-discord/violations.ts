/** Number of violations that are kept: a bot that repeats one for ever must not fill the memory. */
const mostKept = 500;

/** The things that a bot did and Discord forbids, in sentences. */
export class Violations {
  readonly list: string[] = [];

  /**
   * Notes a violation, once.
   * @param where - the request or event, such as `PATCH /webhooks/1/…/messages/@original`
   */
  report(where: string, what: string): void {
    const sentence = `${where}: ${what}`;
    if (this.list.length < mostKept && !this.list.includes(sentence)) this.list.push(sentence);
  }

  /** @throws Error that lists the violations, if there are any. */
  assertNone(): void {
    if (this.list.length === 0) return;
    throw new Error(`The bot did what Discord forbids:\n${this.list.map((each) => `  - ${each}`).join('\n')}`);
  }
}
