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
  | 'not-finite';

/** What to do about bytes that cannot have been meant like that. */
export const fetchAgain = 'The file is damaged or was cut off: fetch it again.';

/** What a {@link WeightsError} is made of. */
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
export class WeightsError extends Error {
  readonly code: WeightsErrorCode;
  readonly file: string;
  readonly tensor: string | undefined;

  constructor({ code, file, tensor, problem, remedy = fetchAgain, cause }: WeightsFault) {
    const place = tensor === undefined ? file : `${file}, tensor "${shorten(tensor)}"`;
    super(`${place}: ${problem}. ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = 'WeightsError';
    this.code = code;
    this.file = file;
    this.tensor = tensor;
  }
}

/** Names come out of the file, so they may be of any length; a message stays readable. */
export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
