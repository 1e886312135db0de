import { resampleSoftly } from '../imaging/resample.js';

/** Where each pixel of a picture lies in another one: pixel (x, y) is seen there at (x + dx, y + dy), in pixels. */
export interface Flow {
  readonly width: number;
  readonly height: number;
  /** The shifts to the right, row by row. */
  readonly dx: Float32Array;
  /** The shifts downwards, row by row. */
  readonly dy: Float32Array;
}

/** Longer side, in pixels, at which flow is found at most. Larger pictures get it enlarged, so that time is bounded. */
export const largestFlowSide = 320;

/** Returns the flow of a picture in which nothing moves. */
export function noFlow({ width, height }: { readonly width: number; readonly height: number }): Flow {
  return { width, height, dx: new Float32Array(width * height), dy: new Float32Array(width * height) };
}

/** Returns a flow for pictures of another size, bilinearly between its vectors, which grow or shrink with the picture. */
export function resizedFlow({ dx, dy, ...from }: Flow, width: number, height: number): Flow {
  const sized = (data: Float32Array, factor: number) =>
    resampleSoftly({ ...from, data }, width, height).data.map((shift) => factor * shift);
  return { width, height, dx: sized(dx, width / from.width), dy: sized(dy, height / from.height) };
}
