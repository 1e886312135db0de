/** A 3×3 convolution with stride 1 and a zero padding of 1, to be added to a graph. */
export interface GraphConvolution {
  /** The name that the constants' names begin with; no other convolution in the graph may have it. */
  readonly name: string;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** The kernel in OIHW layout. */
  readonly kernel: Float32Array;
  /** The bias, one value for each output channel; undefined where there is none. */
  readonly bias?: Float32Array;
  /** Whether heights and widths are known to be multiples of 4, which saves Winograd's algorithm a copy. */
  readonly wholeTiles?: boolean;
}
