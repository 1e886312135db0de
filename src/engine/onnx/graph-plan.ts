import { type ConvolutionAlgorithm, fasterAlgorithm } from './convolution.js';
import type { GraphBuilder, Size } from './graph-builder.js';
import { type LayerArithmetic, type LayerValue, matrixArithmetic, pictureArithmetic } from './layer-arithmetic.js';

/** Width and height of pictures, in pixels. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** How a graph is cut: for which sizes of pictures, and to suit the kind of device that runs it. */
export interface GraphPlan {
  /** A word by which graphs of the same layers are told apart. */
  readonly key: string;
  /** Height and width of the pictures, in pixels; names where they differ from run to run. */
  readonly height: Size;
  readonly width: Size;
  /** A number that divides height and width; 1 allows any size. */
  readonly divisor: number;
  /**
   * Whether the device keeps values around direct convolutions in blocks of channels (NCHWc), which the operators
   * between them must then be able to read.
   */
  readonly blocksChannels: boolean;
  /** Returns the algorithm for a convolution with that many channels. */
  algorithmFor(inputChannels: number, outputChannels: number): ConvolutionAlgorithm;
  /**
   * Returns in how many parts to compute a sum over the positions of a layer, each of which covers `downsampling` pixels
   * a side; undefined: in one go.
   */
  partsOf(downsampling: number): number | undefined;
  /**
   * Returns how many rows and columns are left out by the pooling in front of such a layer; undefined where that differs
   * from run to run, and a run has to find it out.
   */
  leftOutBy(downsampling: number): { readonly rows: number; readonly columns: number } | undefined;
  /** Returns the arithmetic with the activations of such a layer. */
  arithmeticOf(graph: GraphBuilder, value: LayerValue, downsampling: number): LayerArithmetic;
}

/**
 * The divisor of sides, in pixels, that lets poolings and most convolutions skip a copy. A canvas has sides that it
 * divides, so that a transfer needs only one graph at all its scales.
 */
const wellDivided = 16;

/**
 * Plans a graph for processors, for all sizes that a divisor of the picture's sides divides: a multiple of the deepest
 * layer's downsampling, which saves each pooling's backward pass a copy, if possible.
 * @param stride - the downsampling of the deepest layer.
 */
export function processorPlan(size: PictureSize, stride: number): GraphPlan {
  const divisor = [wellDivided, stride].find((one) => one % stride === 0 && divides(one, size)) ?? 1;
  return {
    key: String(divisor),
    height: 'height',
    width: 'width',
    divisor,
    blocksChannels: true,
    algorithmFor: fasterAlgorithm,
    partsOf: () => undefined,
    leftOutBy: () => undefined,
    arithmeticOf: matrixArithmetic,
  };
}

/**
 * Plans a graph for GPUs: for all sizes that 16 divides where it divides the picture's sides, else for this one size. So
 * no run has to ask for shapes, which are the processor's work. Convolutions are direct: one kernel each, where
 * Winograd's algorithm, of operators, would be ten that only move memory.
 * @param stride - the downsampling of the deepest layer.
 */
export function gpuPlan(size: PictureSize, stride: number): GraphPlan {
  const isWellDivided = wellDivided % stride === 0 && divides(wellDivided, size);
  const partsOf = (downsampling: number) => (isWellDivided ? (wellDivided / downsampling) ** 2 : 1);
  return {
    ...(isWellDivided
      ? { key: 'gpu', height: 'height', width: 'width', divisor: wellDivided }
      : { key: `gpu ${size.width}×${size.height}`, ...size, divisor: divides(stride, size) ? stride : 1 }),
    blocksChannels: false,
    algorithmFor: () => 'direct',
    partsOf,
    leftOutBy: (downsampling) => ({
      rows: Math.floor((2 * size.height) / downsampling) % 2,
      columns: Math.floor((2 * size.width) / downsampling) % 2,
    }),
    arithmeticOf: (graph, value, downsampling) => pictureArithmetic(graph, value, partsOf(downsampling)),
  };
}

function divides(divisor: number, { width, height }: PictureSize): boolean {
  return width % divisor === 0 && height % divisor === 0;
}
