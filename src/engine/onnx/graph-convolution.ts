/** A 3×3 convolution with stride 1 and a zero padding of 1, to be added to a graph. */
export interface GraphConvolution {
  /** Names its constants: must differ from those of every other convolution in the graph. */
  readonly name: string;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** OIHW. */
  readonly kernel: Float32Array;
  /** One value for each output channel, or none. */
  readonly bias?: Float32Array;
  /** Whether heights and widths are known to be multiples of 4, which saves Winograd's algorithm a copy. */
  readonly wholeTiles?: boolean;
}
