/** What is wrong with a mask or a region; the text for people is chosen by this code where it is shown. */
export type MaskErrorCode = 'nothing-styled' | 'wrong-mask' | 'wrong-region';

/** A mask or regions that no picture can be styled by. */
export class MaskError extends Error {
  readonly code: MaskErrorCode;
  /** The facts behind it, for logs and for translated texts. */
  readonly context: Readonly<Record<string, string | number>>;

  constructor(code: MaskErrorCode, message: string, context: Readonly<Record<string, string | number>> = {}) {
    super(message);
    this.name = 'MaskError';
    this.code = code;
    this.context = context;
  }
}
