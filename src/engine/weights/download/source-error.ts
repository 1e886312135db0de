import { codedErrors } from '../../../coded-error.js';

/** The reasons why one source of a file is of no use. */
export type SourceErrorCode =
  /** The source has no such file. */
  | 'not-found'
  /** The source gives the file to nobody, or not to us. */
  | 'refused'
  /** There is no connection to the source. */
  | 'unreachable'
  /** The connection broke, or no more bytes arrived. */
  | 'cut-off'
  /** The source is overloaded, or says that it can't just now. */
  | 'unavailable'
  /** The source sends a web page instead of the file. */
  | 'web-page'
  /** The source has a file of another size under that name. */
  | 'wrong-size'
  /** The source has a file with another digest under that name. */
  | 'wrong-digest';

const errorOf = codedErrors<SourceErrorCode>('source');

/** Returns the error of a source that gave no file: a clause to be read after the host, which stands in its context. */
export function sourceError(code: SourceErrorCode, address: string, clause: string, cause?: unknown) {
  return errorOf(code, clause, { host: new URL(address).host }, cause);
}
