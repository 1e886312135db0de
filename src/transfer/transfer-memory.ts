import {
  evaluationBytes,
  leastEvaluationBytes,
  networkBytes,
  processBytes,
  type Shape,
} from '../engine/pieces/evaluation-memory.js';
import { convolutionsOf, layerNames, type NetworkName, parseLayer, topologies } from '../engine/topology.js';
import { marginsFor } from './margins.js';
import { lbfgsBytes } from './optimizers/lbfgs.js';
import { fitToLongerSide } from './scales.js';
import { contentLayers, textureLayers } from './transfer-layers.js';

/**
 * Whole pictures in floating point that are held beside the optimiser's: the content as it was decoded, at the scale and
 * with margins, and two on their way to an animation or a file.
 */
const pictures = 5;

/**
 * Further ones that a frame is held beside, which follows another one: that one, the first one and their contents, what is
 * expected of the frame, and what it is held to. The flow's own planes are gone before painting begins.
 */
const picturesBesideFrame = 14;

/** A picture that is to be evaluated: the network's convolutions, the layers that are looked at, and its pixels. */
export interface Evaluated {
  readonly shape: Shape;
  readonly layers: readonly string[];
  readonly pixels: number;
}

/** Returns the memory that a transfer takes besides what evaluating takes, in bytes. */
function bytesBesides({ shape, layers, pixels }: Evaluated): number {
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  const held = lbfgsBytes(3 * pixels) + pictures * 3 * bytes * pixels + bytes * contentActivations(shape) * pixels;
  return processBytes + networkBytes(shape, layers) + held;
}

/** The memory that a picture takes in the process that paints it, known before it begins, in bytes. */
export interface TransferMemory {
  /** The most, where it is evaluated in one piece. */
  readonly inOnePiece: number;
  /** The least, where it is evaluated in the smallest pieces. */
  readonly least: number;
}

/**
 * Returns the memory that painting takes.
 * @param size - width and height of the picture, in pixels.
 * @param moves - whether it is a frame that follows others. Default: a still.
 */
export function transferMemory(
  network: NetworkName,
  size: { readonly width: number; readonly height: number },
  moves = false,
): TransferMemory {
  const shape = convolutionsOf(topologies[network]);
  const available = layerNames(shape);
  // Transfers look less deep than textures with some networks.
  const layers = [contentLayers(available), textureLayers(available)].flatMap(Object.keys);
  const margins = marginsFor(size);
  const canvas = {
    width: size.width + margins.left + margins.right,
    height: size.height + margins.top + margins.bottom,
  };
  const pixels = canvas.width * canvas.height;
  const ofFrames = moves ? picturesBesideFrame * 3 * Float32Array.BYTES_PER_ELEMENT * pixels : 0;
  const others = bytesBesides({ shape, layers, pixels }) + ofFrames;
  return {
    inOnePiece: others + evaluationBytes(shape, layers, pixels),
    least: others + leastEvaluationBytes(shape, layers, canvas),
  };
}

/**
 * Returns the longer side of the largest picture of these proportions that can be painted within some memory, in whole 16
 * pixels; 0 if none can.
 */
export function largestSide(
  network: NetworkName,
  { width, height }: { readonly width: number; readonly height: number },
  memoryBytes: number,
  moves = false,
): number {
  const fits = (side: number) =>
    transferMemory(network, fitToLongerSide({ width, height }, side), moves).least <= memoryBytes;
  let side = Math.max(width, height);
  if (!fits(side)) side = 16 * Math.floor(side / 16);
  while (side > 0 && !fits(side)) side -= 16;
  return side;
}

/** Returns a function that tells how much of a process's memory there is for evaluating a picture, in bytes. */
export function memoryForEvaluating(memoryBytes: number): (evaluated: Evaluated) => number {
  return (evaluated) => memoryBytes - bytesBesides(evaluated);
}

/** Number of values for each pixel of the layers by which content is compared. */
function contentActivations(shape: Shape): number {
  const names = Object.keys(contentLayers(layerNames(shape))).map((layer) => parseLayer(layer).convolution);
  return shape.reduce((sum, { name, outputChannels, downsampling }) => {
    return sum + (names.includes(name) ? outputChannels / downsampling ** 2 : 0);
  }, 0);
}
