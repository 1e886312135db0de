import { AsyncLocalStorage } from 'node:async_hooks';

/** Number of violations that are kept: a bot that repeats one for ever must not fill the memory. */
const mostKept = 500;

/** The things that a bot did and Discord forbids, in sentences. */
export class Violations {
  readonly list: string[] = [];
  readonly #noted = new AsyncLocalStorage<string[]>();

  /**
   * Notes a violation, once.
   * @param where - the request or event, such as `PATCH /webhooks/1/…/messages/@original`
   */
  report(where: string, what: string): void {
    this.#noted.getStore()?.push(what);
    const sentence = `${where}: ${what}`;
    if (this.list.length < mostKept && !this.list.includes(sentence)) this.list.push(sentence);
  }

  /** Does something, and adds what is reported meanwhile to `noted`, also what was reported before. */
  noting<Result>(noted: string[], action: () => Result): Result {
    return this.#noted.run(noted, action);
  }

  /** @throws Error that lists the violations, if there are any. */
  assertNone(): void {
    if (this.list.length === 0) return;
    throw new Error(`The bot did what Discord forbids:\n${this.list.map((each) => `  - ${each}`).join('\n')}`);
  }
}
