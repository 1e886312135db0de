import { type Convolution, parseLayer } from '../topology.js';
import { type PictureSize, pixelsOf, reachOf, smallestPieces } from './cut.js';

/** The part of a network that decides how much memory it takes. */
export type Shape = readonly Convolution[];

/** Resident memory of a process in which an engine was opened, in bytes, without the network: Node.js and libraries. */
export const processBytes = 190e6;

/**
 * Bytes for each value of the activations as far as the deepest layer: gradients and what is computed in between come on
 * top of 4. Measured at 320² and 544²: 10.9 for VGG19-lite, 9.3 for VGG19.
 */
const bytesPerActivation = 11;

/**
 * The same where a picture is evaluated in pieces, with memory of its own for their statistics, and in wide layers, whose
 * convolutions take more in between. Measured: 10.5 for VGG19-lite, 17 for VGG19.
 */
const bytesPerPieceActivation = { narrow: 11, wide: 25 };

/** From so many channels on a layer is wide: Winograd's algorithm may then be taken for it. */
const wideChannels = 128;

/** Joined activations, the picture that the blocks behind see, their gradient, and those of the pooling. */
const copiesAtJunction = 4;

/** Bytes for each weight: itself, and as kernels of Winograd's algorithm forward and backward, each four times as large. */
const bytesPerWeight = 9 * Float32Array.BYTES_PER_ELEMENT;

/** Returns the memory that an opened engine takes for a network, as far as some layers, in bytes. */
export function networkBytes(shape: Shape, layers: readonly string[]): number {
  return through(shape, layers).reduce((sum, { inputChannels, outputChannels }) => {
    return sum + 9 * inputChannels * outputChannels * bytesPerWeight;
  }, 0);
}

/** Returns the memory that evaluating loss and gradient of a whole picture of so many pixels takes, in bytes. */
export function evaluationBytes(shape: Shape, layers: readonly string[], pixels: number): number {
  return pixels * bytesPerPixel(shape, layers, () => bytesPerActivation);
}

/** Returns the memory that evaluating a picture in pieces of so many pixels takes, in bytes. */
export function pieceBytes(shape: Shape, layers: readonly string[], pixels: number): number {
  const { narrow, wide } = bytesPerPieceActivation;
  return pixels * bytesPerPixel(shape, layers, (channels) => (channels < wideChannels ? narrow : wide));
}

function bytesPerPixel(shape: Shape, layers: readonly string[], bytesEach: (channels: number) => number): number {
  return through(shape, layers).reduce((sum, { outputChannels, downsampling }) => {
    return sum + (bytesEach(outputChannels) * outputChannels) / downsampling ** 2;
  }, 0);
}

/** Returns the memory of the largest of the smallest pieces that a picture is cut into, in bytes. */
export function leastEvaluationBytes(shape: Shape, layers: readonly string[], size: PictureSize): number {
  const pieces = smallestPieces(size, viewOf(shape, layers));
  return pieceBytes(shape, layers, Math.max(...pieces.map(({ whole }) => pixelsOf(whole))));
}

/**
 * Returns the memory that it takes to evaluate a picture of so many pixels as a whole behind a junction: its activations
 * and gradient there, which are on their way as well, and what lies behind it.
 */
export function bytesBehind(shape: Shape, layers: readonly string[], junction: string, pixels: number): number {
  const last = through(shape, [junction]).at(-1);
  const values = last ? last.outputChannels / last.downsampling ** 2 : 0;
  const behind = pieceBytes(shape, layers, pixels) - pieceBytes(shape, [junction], pixels);
  return behind + copiesAtJunction * Float32Array.BYTES_PER_ELEMENT * values * pixels;
}

/** Returns how far some layers see, and which pixels their poolings take together. */
export function viewOf(shape: Shape, layers: readonly string[]) {
  const seen = through(shape, layers);
  return { reach: reachOf(seen, seen.length - 1), stride: seen.at(-1)?.downsampling ?? 1 };
}

/** Returns the convolutions as far as the deepest of some layers. */
export function through(shape: Shape, layers: readonly string[]): Shape {
  const names = layers.map((layer) => parseLayer(layer).convolution);
  return shape.slice(0, shape.findLastIndex(({ name }) => names.includes(name)) + 1);
}
