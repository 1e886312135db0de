import { wholeNumber } from '../../whole-number.js';

/** The numbers that an option may be set to: from `min` to `max`, including both. */
export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}

/** The bounds of a transfer's options, on the command line as in recipes. */
export const transferBounds = {
  /** The longer side of the result, in pixels. */
  size: { min: 32, max: 4096, isWhole: true },
  /** Epochs in all, and of each scale, which may also have 0. */
  epochs: { min: 1, max: 10_000, isWhole: true },
  /** Number of scales. */
  scales: { min: 1, max: 8, isWhole: true },
  /** Weight of a part of the loss, of a layer, or of a style. */
  weight: { min: 0, max: 1e6, isWhole: false },
  /** Number of styles that are blended; all of them are in memory at once. */
  styles: { min: 1, max: 8, isWhole: true },
  learningRate: { min: 0.0001, max: 100, isWhole: false },
  /** Number of steps that L-BFGS remembers, each of which costs half a copy of the picture. */
  history: { min: 1, max: 50, isWhole: true },
  styleScale: { min: 0.25, max: 4, isWhole: false },
  /** Strength of the protection of the content's fine structure, from none to full. */
  protect: { min: 0, max: 1, isWhole: false },
  /** Width of a mask's or region's soft edges, in pixels of the result. */
  feather: { min: 0, max: 1024, isWhole: false },
  seed: { min: 0, max: 2 ** 31 - 1, isWhole: true },
} as const satisfies Readonly<Record<string, NumberBounds>>;

/** Numbers as people write them, not as programs do: 0x40 and 0b11 are none. */
const decimalNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Returns the number that a text stands for, or undefined where it is no decimal number, or no digits alone for a whole one, within the
 * bounds.
 */
export function numberWithin({ min, max, isWhole }: NumberBounds, text: string): number | undefined {
  const number = isWhole ? wholeNumber(text.trim()) : decimalNumberIn(text.trim());
  return number !== undefined && number >= min && number <= max ? number : undefined;
}

function decimalNumberIn(text: string): number | undefined {
  return decimalNumber.test(text) ? Number(text) : undefined;
}

/** Returns bounds in words, such as "a whole number from 32 to 4096". */
export function boundsInWords({ min, max, isWhole }: NumberBounds): string {
  return `a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`;
}
