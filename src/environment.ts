import { CodedError } from './coded-error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables of an environment as what they should be. A variable that is empty or blank counts as not set,
 * and is read as undefined. Every method throws a CodedError `config/bad-value`, which names the variable and what it
 * may be, for a value that makes no sense.
 */
export class Variables {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  text(variable: string): string | undefined {
    return this.#environment[variable]?.trim() || undefined;
  }

  /**
   * Reads a value of any kind.
   * @param parse - returns undefined for a text that makes no sense.
   * @param expectation - the sentence that says what the variable may be.
   */
  parsed<Value>(variable: string, parse: (text: string) => Value | undefined, expectation: string): Value | undefined {
    const text = this.text(variable);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) throw badValue(`${variable} is "${text}". ${expectation}`);
    return value;
  }

  /** Reads a text that must match a pattern. */
  matching(variable: string, pattern: RegExp, expectation: string): string | undefined {
    return this.parsed(variable, (text) => (pattern.test(text) ? text : undefined), expectation);
  }

  choice<Name extends string>(variable: string, allowed: readonly Name[]): Name | undefined {
    const choose = (text: string) => allowed.find((name) => name === text);
    return this.parsed(variable, choose, `Choose from ${allowed.join(', ')}.`);
  }

  /** Reads a whole number from `smallest` to `largest`, both included. */
  wholeNumber(variable: string, smallest: number, largest: number): number | undefined {
    const isPossible = (number: number) => Number.isInteger(number) && number >= smallest && number <= largest;
    return this.parsed(
      variable,
      (text) => (isPossible(Number(text)) ? Number(text) : undefined),
      `It must be a whole number from ${smallest} to ${largest}.`,
    );
  }

  /** Reads an address for HTTP or HTTPS, and takes the slashes at its end away. */
  httpUrl(variable: string): string | undefined {
    return this.parsed(
      variable,
      (text) => (hasProtocol(text, /^https?:$/) ? text.replace(/\/+$/, '') : undefined),
      'It must be an address that begins with https:// or http://.',
    );
  }
}

/** Returns whether a text is an absolute address whose protocol, such as `https:`, matches a pattern. */
export function hasProtocol(text: string, protocol: RegExp): boolean {
  return URL.canParse(text) && protocol.test(new URL(text).protocol);
}

/** Makes the error for a variable whose value makes no sense. */
export function badValue(message: string, cause?: unknown): CodedError {
  return new CodedError('config', 'bad-value', message, { cause });
}

/** Makes the error for a variable that must be set and isn't. */
export function notSet(message: string): CodedError {
  return new CodedError('config', 'not-set', message);
}
