/** Where a picture is styled. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** width · height values in [0, 1], row by row; 1 is styled. */
  readonly data: Float32Array;
}
