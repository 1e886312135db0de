import { codedErrors } from '../../coded-error.js';

/** The codes of errors about masks and regions. */
export type MaskErrorCode =
  | 'nothing-styled'
  | 'everything-styled'
  | 'wrong-mask'
  | 'wrong-region'
  | 'color-lacking'
  | 'color-mixed'
  | 'color-scarce'
  | 'transparent'
  | 'zones-and-regions';

/** Makes the error for a mask or regions that can't be used. */
export const maskError = codedErrors<MaskErrorCode>('mask');
