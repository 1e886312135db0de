import { CodedError } from '../../coded-error.js';
import { fileTrouble, lacksRoom, systemCode } from '../../files/file-trouble.js';

/** What is wrong with a file of weights. */
export type WeightsErrorCode =
  // The file itself.
  | 'missing'
  | 'unreadable'
  | 'too-short'
  | 'bad-header-length'
  | 'bad-header'
  | 'bad-metadata'
  // One of its tensors.
  | 'unsupported-type'
  | 'bad-shape'
  | 'bad-offsets'
  | 'overlap'
  | 'hole'
  // What is in it is no network that is known here.
  | 'unknown-network'
  | 'unknown-pooling'
  | 'unknown-preprocessing'
  | 'missing-tensor'
  | 'unexpected-tensor'
  | 'wrong-shape'
  | 'not-finite'
  // It was made for something else, and can't be imported.
  | 'not-weights'
  | 'ambiguous'
  | 'not-importable'
  // Fetching and writing.
  | 'bad-manifest'
  | 'no-source'
  | 'not-downloaded'
  | 'wrong-digest'
  | 'interrupted'
  | 'disk-full'
  | 'not-writable';

/** What to do about bytes that cannot have been meant like that. */
export const fetchAgain = 'The file is damaged or was cut off: fetch it again.';

/** How a network's weights are fetched. */
export function fetchCommand(network: string): string {
  return `npx whitewalker weights download ${network}`;
}

/** How a file that was fetched by hand is taken in. */
export function importCommand(file: string): string {
  return `npx whitewalker weights import ${file}`;
}

/** What a {@link weightsError} is made of. */
export interface WeightsFault {
  readonly code: WeightsErrorCode;
  readonly file: string;
  /** The tensor that the fault is in, where it is in one. */
  readonly tensor?: string | undefined;
  /** What was found, and what was expected, as a clause. */
  readonly problem: string;
  /** What to do about it, as a sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** A file of weights that cannot be used. The message names the file, the tensor if there is one, and a way out. */
export function weightsError({ code, file, tensor, problem, remedy = fetchAgain, cause }: WeightsFault): CodedError {
  const place = tensor === undefined ? file : `${file}, tensor "${shorten(tensor)}"`;
  const context = { file, ...(tensor !== undefined && { tensor }) };
  return new CodedError('weights', code, `${place}: ${problem}. ${remedy}`, { context, cause });
}

/** The error for a file that could not be read, by the system's reason. */
export function readingError(file: string, cause: unknown, whereMissing: string): CodedError {
  const missing = systemCode(cause) === 'ENOENT';
  return weightsError({
    code: missing ? 'missing' : 'unreadable',
    file,
    problem: missing ? 'there is no such file' : `cannot be read (${fileTrouble(cause)})`,
    remedy: missing ? whereMissing : 'Check that it is a file and that this user may read it.',
    cause,
  });
}

/** The error for a file that could not be written, by the system's reason. */
export function writingError(file: string, cause: unknown): CodedError {
  const full = lacksRoom(cause);
  return weightsError({
    code: full ? 'disk-full' : 'not-writable',
    file,
    problem: full ? 'cannot be written: the disk is full' : `cannot be written (${fileTrouble(cause)})`,
    remedy: full
      ? 'Make room and try again: what has arrived is kept.'
      : 'Check that the folder exists and that this user may write into it.',
    cause,
  });
}

/** Names come out of the file, so they may be of any length; a message stays readable. */
export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
