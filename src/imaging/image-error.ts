import { codedErrors } from '../coded-error.js';

/** What can be wrong with a picture. */
export type ImageErrorCode =
  | 'empty'
  | 'not-an-image'
  | 'unsupported-format'
  | 'truncated'
  | 'damaged'
  | 'too-many-bytes'
  | 'too-many-pixels'
  | 'too-large-side'
  | 'too-small'
  | 'extreme-aspect-ratio'
  | 'unknown-extension'
  | 'not-finite'
  | 'picture-over-budget'
  | 'gif-over-budget';

/** A picture that cannot be used. The message is one sentence for the person who sent it and says what to do next. */
export const imageError = codedErrors<ImageErrorCode>('image');
