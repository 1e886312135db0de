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

/** Returns a picture with values clamped to [0, 1], which resampling oversteps next to edges: itself where none is outside. */
export function clamped(picture: RgbImage): RgbImage {
  if (picture.data.every((value) => value >= 0 && value <= 1)) return picture;
  return { ...picture, data: picture.data.map((value) => Math.min(Math.max(value, 0), 1)) };
}
