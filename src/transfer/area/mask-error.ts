import { codedErrors } from '../../coded-error.js';

/** What can be wrong with a mask or a region. */
export type MaskErrorCode = 'nothing-styled' | 'wrong-mask' | 'wrong-region';

/** A mask or regions that no picture can be styled by. */
export const maskError = codedErrors<MaskErrorCode>('mask');
