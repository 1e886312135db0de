/** From and to which number an option may be set; both are possible. */
export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}

/** What people may ask a transfer for, wherever they do: on the command line and in recipes. */
export const transferBounds = {
  /** Pixels. */
  size: { min: 32, max: 4096, isWhole: true },
  /** In all, and of each scale but for 0. */
  epochs: { min: 1, max: 10_000, isWhole: true },
  /** How many there can be. */
  scales: { min: 1, max: 8, isWhole: true },
  /** Of a part of the loss, of a layer, or of a style. */
  weight: { min: 0, max: 1e6, isWhole: false },
  learningRate: { min: 0.0001, max: 100, isWhole: false },
  /** Each remembered step costs two copies of the picture. */
  history: { min: 1, max: 50, isWhole: true },
  styleScale: { min: 0.25, max: 4, isWhole: false },
  /** From nothing to all. */
  protect: { min: 0, max: 1, isWhole: false },
  seed: { min: 0, max: 2 ** 31 - 1, isWhole: true },
} as const satisfies Readonly<Record<string, NumberBounds>>;

/** The number that a text is, or undefined where it is none within the bounds. */
export function numberWithin({ min, max, isWhole }: NumberBounds, text: string): number | undefined {
  const number = Number(text);
  const isNumber = text.trim() !== '' && Number.isFinite(number) && (!isWhole || Number.isInteger(number));
  return isNumber && number >= min && number <= max ? number : undefined;
}

/** "a whole number from 32 to 4096" */
export function boundsInWords({ min, max, isWhole }: NumberBounds): string {
  return `a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`;
}
