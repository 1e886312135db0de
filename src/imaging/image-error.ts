import { codedErrors } from '../coded-error.js';

/** Codes of what can be wrong with a picture. */
export type ImageErrorCode =
  | 'empty'
  | 'not-an-image'
  | 'unsupported-format'
  | 'ambiguous-samples'
  | 'truncated'
  | 'damaged'
  | 'out-of-memory'
  | 'too-many-bytes'
  | 'too-many-pixels'
  | 'too-many-frames'
  | 'too-many-frame-pixels'
  | 'too-large-side'
  | 'too-small'
  | 'extreme-aspect-ratio'
  | 'unknown-extension'
  | 'not-finite'
  | 'no-memory-to-write'
  | 'too-large-for-format'
  | 'picture-over-budget'
  | 'gif-over-budget'
  | 'animation-over-budget';

/** Makes the error for an unusable picture. Its message tells the sender, in one sentence, what to do next. */
export const imageError = codedErrors<ImageErrorCode>('image');
