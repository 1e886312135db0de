import { CodedError } from '../../coded-error.js';
import { fileFault, lacksRoom, systemCode } from '../../files/file-trouble.js';

/** The codes of errors about weights. */
export type WeightsErrorCode =
  // The file itself is at fault.
  | 'missing'
  | 'unreadable'
  | 'too-short'
  | 'bad-header-length'
  | 'bad-header'
  | 'bad-metadata'
  // One of the file's tensors is at fault.
  | 'unsupported-type'
  | 'bad-shape'
  | 'bad-offsets'
  | 'overlap'
  | 'hole'
  // The file's content is no known network.
  | 'unknown-network'
  | 'unknown-pooling'
  | 'unknown-preprocessing'
  | 'missing-tensor'
  | 'unexpected-tensor'
  | 'wrong-shape'
  | 'not-finite'
  // The file was made for another program, and can't be imported.
  | 'not-weights'
  | 'ambiguous'
  | 'not-importable'
  // The weights can't be downloaded or written.
  | 'bad-manifest'
  | 'not-fetched'
  | 'no-source'
  | 'not-downloaded'
  | 'wrong-digest'
  | 'interrupted'
  | 'disk-full'
  | 'not-writable';

/** The advice for a file whose bytes cannot have been meant like that. */
export const fetchAgain = 'The file is damaged or was cut off: fetch it again.';

/** Returns the command that fetches a network's weights. */
export function fetchCommand(network: string): string {
  return `npx whitewalker weights download ${network}`;
}

/** Returns the command that imports a file of weights that was fetched by hand. */
export function importCommand(file: string): string {
  return `npx whitewalker weights import ${file}`;
}

/** The parts that {@link weightsError} makes an error of. */
export interface WeightsFault {
  readonly code: WeightsErrorCode;
  readonly file: string;
  /** The tensor that has the fault; undefined where no tensor has. */
  readonly tensor?: string | undefined;
  /** A clause that says what was found and what was expected. */
  readonly problem: string;
  /** A sentence that says what to do about the fault. Default: {@link fetchAgain}. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** Makes the error for weights that can't be used; its message has the file, the tensor if any, and a way out. */
export function weightsError({ code, file, tensor, problem, remedy = fetchAgain, cause }: WeightsFault): CodedError {
  const subject = tensor === undefined ? file : `${file}, tensor "${shorten(tensor)}"`;
  const context = { file, ...(tensor !== undefined && { tensor }) };
  return new CodedError('weights', code, `${subject}: ${problem}. ${remedy}`, { context, cause });
}

/** Makes the error for a file that could not be read, from the system's reason. */
export function readingError(file: string, cause: unknown, whereMissing: string): CodedError {
  const missing = systemCode(cause) === 'ENOENT';
  const { reason, remedy } = fileFault(cause);
  return weightsError({
    code: missing ? 'missing' : 'unreadable',
    file,
    problem: missing ? 'there is no such file' : `cannot be read (${reason})`,
    remedy: missing ? whereMissing : remedy,
    cause,
  });
}

/** Makes the error for a file that could not be written, from the system's reason. */
export function writingError(file: string, cause: unknown): CodedError {
  const full = lacksRoom(cause);
  const { reason, remedy } = fileFault(cause);
  return weightsError({
    code: full ? 'disk-full' : 'not-writable',
    file,
    problem: `cannot be written (${reason})`,
    remedy: full ? `${remedy} Then try again; a download goes on where it was.` : remedy,
    cause,
  });
}

/** Shortens a name out of a file, which may be of any length, to 80 characters, so that messages stay readable. */
export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
