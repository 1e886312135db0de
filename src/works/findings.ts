import type { Likeness } from '../spot-difference/comparison.js';

/** What was done at a smaller size because there was not enough memory; longer sides, in pixels. */
export interface Shrinkage {
  readonly asked: number;
  readonly made: number;
}

/** What came out besides pictures, by the kind of task. */
export interface Findings {
  readonly kind: 'spot-difference';
  readonly likeness: Likeness;
  /** All differences, and those of them that are circled. */
  readonly found: number;
  readonly circled: number;
}
