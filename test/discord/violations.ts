/** How many violations are kept: a bot that repeats one for ever must not fill the memory. */
const mostKept = 500;

/** What a bot did that Discord forbids, in sentences. */
export class Violations {
  readonly list: string[] = [];

  /** @param where - the request or event, e.g. `PATCH /webhooks/1/…/messages/@original` */
  report(where: string, what: string): void {
    const sentence = `${where}: ${what}`;
    if (this.list.length < mostKept && !this.list.includes(sentence)) this.list.push(sentence);
  }

  /** @throws Error that lists them, if there are any. */
  assertNone(): void {
    if (this.list.length === 0) return;
    throw new Error(`The bot did what Discord forbids:\n${this.list.map((each) => `  - ${each}`).join('\n')}`);
  }
}
