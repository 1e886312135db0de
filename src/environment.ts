import { CodedError } from './coded-error.js';
import { wholeNumber } from './whole-number.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that the program reads, in the order of .env.example. */
export const variableNames = [
  ...(['DISCORD_TOKEN', 'DISCORD_GUILD_ID', 'DISCORD_API_URL', 'SHARDS', 'ATTACHMENT_HOSTS'] as const),
  ...(['ENGINE', 'NETWORK', 'WEIGHTS_MIRROR', 'THREADS', 'MEMORY_MB', 'COMPUTE_SLOTS', 'GPUS'] as const),
  ...(['QUALITY_DRAFT', 'QUALITY_STANDARD', 'QUALITY_HIGH', 'HANG_SECONDS'] as const),
  ...([
    'RECYCLE_JOBS',
    'RECYCLE_MEMORY_MB',
    'DATA_DIR',
    'QUEUE_LENGTH',
    'SERVER_QUEUE_LENGTH',
    'MAX_EPOCHS',
    'MAX_SIZE',
    'JOB_SECONDS',
    'LONG_JOB_SECONDS',
  ] as const),
  ...(['MAX_INPUT_MB', 'KEEP_INPUTS_HOURS', 'SHUTDOWN_SECONDS', 'REDIS_URL'] as const),
  ...(['S3_ENDPOINT', 'S3_BUCKET', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const),
  ...(['LOST_WORKER_SECONDS', 'METRICS_PORT', 'METRICS_HOST', 'LOG_LEVEL'] as const),
] as const;
export type VariableName = (typeof variableNames)[number];

/** Quotation marks that word processors and chats write in place of straight ones, at either end of a text. */
const typographicQuotes = /^[“”„‟‘’‚‛«»‹›]|[“”„‟‘’‚‛«»‹›]$/;

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

  text(variable: VariableName): string | undefined {
    const text = this.#environment[variable]?.trim() || undefined;
    // The value itself is not shown, because it may be a secret.
    if (text !== undefined && typographicQuotes.test(text)) {
      throw badValue(`${variable} has typographic quotation marks around it. Write it without, or with straight ones.`);
    }
    return text;
  }

  /**
   * Reads a value of any kind.
   * @param parse - returns undefined for a text that makes no sense.
   * @param expectation - the sentence that says what the variable may be.
   */
  parsed<Value>(
    variable: VariableName,
    parse: (text: string) => Value | undefined,
    expectation: string,
  ): Value | undefined {
    const text = this.text(variable);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) throw badValue(`${variable} is "${text}". ${expectation}`);
    return value;
  }

  /** Reads a text that must match a pattern. */
  matching(variable: VariableName, pattern: RegExp, expectation: string): string | undefined {
    return this.parsed(variable, (text) => (pattern.test(text) ? text : undefined), expectation);
  }

  choice<Name extends string>(variable: VariableName, allowed: readonly Name[]): Name | undefined {
    const choose = (text: string) => allowed.find((name) => name === text);
    return this.parsed(variable, choose, `Choose from ${allowed.join(', ')}.`);
  }

  /** Reads a whole number from `smallest` to `largest`, both included. */
  wholeNumber(variable: VariableName, smallest: number, largest: number): number | undefined {
    return this.parsed(
      variable,
      (text) => wholeNumberIn(text, smallest, largest),
      `It must be a whole number from ${smallest} to ${largest}.`,
    );
  }

  /** Reads a word, or a whole number from `smallest` to `largest`, both included. */
  wholeNumberOr<Word extends string>(
    variable: VariableName,
    word: Word,
    smallest: number,
    largest: number,
  ): Word | number | undefined {
    const parse = (text: string) => (text === word ? word : wholeNumberIn(text, smallest, largest));
    return this.parsed(variable, parse, `It must be ${word} or a whole number from ${smallest} to ${largest}.`);
  }

  /** Reads an address for HTTP or HTTPS, and takes the slashes at its end away. */
  httpUrl(variable: VariableName): string | undefined {
    return this.parsed(
      variable,
      (text) => (hasProtocol(text, /^https?:$/) ? text.replace(/\/+$/, '') : undefined),
      'It must be an address that begins with https:// or http://.',
    );
  }
}

function wholeNumberIn(text: string, smallest: number, largest: number): number | undefined {
  const number = wholeNumber(text);
  return number !== undefined && number >= smallest && number <= largest ? number : undefined;
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
