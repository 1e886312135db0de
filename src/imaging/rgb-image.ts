/**
 * A picture as the engine and the optimisers see it: planar RGB (CHW; NCHW with N = 1), row by row, nominally in [0, 1].
 * While a picture is being optimised its values may lie slightly outside; they are clamped when it is encoded.
 */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** 3 · height · width values: all of red, then all of green, then all of blue. */
  readonly data: Float32Array;
}
