import { codedErrors } from '../../../coded-error.js';

/** Why one source of a file is of no use. */
export type SourceErrorCode =
  /** It has no such file. */
  | 'not-found'
  /** It gives the file to nobody, or not to us. */
  | 'refused'
  /** There is no connection to it. */
  | 'unreachable'
  /** The connection broke, or nothing came any more. */
  | 'cut-off'
  /** It is overloaded, or says that it can't just now. */
  | 'unavailable'
  /** It sends a web page instead. */
  | 'web-page'
  /** It has another file under that name. */
  | 'wrong-size'
  | 'wrong-digest';

const errorOf = codedErrors<SourceErrorCode>('source');

/** A source that did not give a file. The message is a clause that follows its host, which stands in the context. */
export function sourceError(code: SourceErrorCode, address: string, clause: string, cause?: unknown) {
  return errorOf(code, clause, { host: new URL(address).host }, cause);
}
