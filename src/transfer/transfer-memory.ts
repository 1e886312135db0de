import {
  evaluationBytes,
  leastEvaluationBytes,
  networkBytes,
  processBytes,
  type Shape,
} from '../engine/pieces/evaluation-memory.js';
import { convolutionsOf, layerNames, type NetworkName, parseLayer, topologies } from '../engine/topology.js';
import type { Region } from './area/region.js';
import { strideOf, windowSize } from './area/window.js';
import { decodedSide } from './decoded-side.js';
import { canvasSize } from './margins.js';
import { lbfgsBytes } from './optimizers/lbfgs.js';
import { pixelStyleBytes } from './pixels/pixel-style.js';
import { fitToLongerSide } from './scales.js';
import { contentLayers, defaultLayers, lookedAt, textureLayers } from './transfer-layers.js';

/** A picture that is to be evaluated. */
export interface Evaluated {
  /** The network's convolutions. */
  readonly shape: Shape;
  /** The layers that are looked at. */
  readonly layers: readonly string[];
  /** Number of pixels that are evaluated, margins included. */
  readonly pixels: number;
  /** Number of pixels of the whole picture, of which these may be a window. */
  readonly wholePixels: number;
  /** Number of pixels of the picture that is wanted, whose content is held while smaller ones are painted. */
  readonly resultPixels: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Bytes of a pixel of a picture in floating point. */
const pictureBytes = 3 * Float32Array.BYTES_PER_ELEMENT;

/** Whole pictures that are held: one on its way to an animation or a file. The content comes on top, as it was decoded. */
const pictures = 1;

/**
 * Whole pictures more where only a window is evaluated. Where all is, they are what the optimiser and the pixels' statistics
 * leave when they are let go, or have not begun to take. While a window is painted: what lies around it, the picture of an
 * epoch before and after its colours are given back, and the content that is seen around it; and as planes of their own, a mask
 * with its margins and without, and how visible pixels are.
 */
const picturesAroundWindow = 5;

/** The same, as large as the content was read: in grey where its colours are kept, its opacity, or a mask of that size. */
const contentsAroundWindow = 1;

/**
 * Further ones that a frame is held beside, which follows another one: that one, the first one and their contents, what is
 * expected of the frame, and what it is held to. The flow's own planes are gone before painting begins.
 */
const picturesBesideFrame = 14;

/** What is painted of a picture. */
export interface Painted {
  /** The boxes that all that is styled lies in, see {@link windowSize}. Default: it is everywhere. */
  readonly styled?: readonly Region[] | undefined;
  /** The layers that are looked at. Default: all that transfers and textures look at where nobody names any. */
  readonly layers?: readonly string[] | undefined;
  /** Whether it is a frame that follows others. Default: a still. */
  readonly moves?: boolean;
}

/** Returns the layers that transfers look at where nobody names any. Textures look deeper with some networks. */
export function usualLayers(network: NetworkName): readonly string[] {
  return lookedAt(defaultLayers({ name: network, layers: layerNames(convolutionsOf(topologies[network])) }));
}

/** Returns the memory that a transfer takes besides what evaluating takes, in bytes. */
function bytesBesides({ shape, layers, pixels, wholePixels, resultPixels }: Evaluated): number {
  const activations = Float32Array.BYTES_PER_ELEMENT * contentActivations(shape);
  const held = lbfgsBytes(3 * pixels) + (pixelStyleBytes + activations) * pixels;
  // A content is read larger than small pictures are painted.
  const content = decodedSide(Math.sqrt(resultPixels)) ** 2;
  const around = pixels < wholePixels ? picturesAroundWindow * wholePixels + contentsAroundWindow * content : 0;
  return processBytes + networkBytes(shape, layers) + held + pictureBytes * (content + pictures * wholePixels + around);
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
 * @param what - of the picture is painted, and whether it is a frame. Default: all of a still.
 */
export function transferMemory(
  network: NetworkName,
  size: Size,
  { styled, layers: named, moves = false }: Painted = {},
): TransferMemory {
  const shape = convolutionsOf(topologies[network]);
  const available = layerNames(shape);
  // Transfers look less deep than textures with some networks.
  const layers = named ?? [contentLayers(available), textureLayers(available)].flatMap(Object.keys);
  const canvas = canvasSize(size);
  const window = windowSize(canvas, styled, strideOf(layers));
  const pixels = window.width * window.height;
  const wholePixels = canvas.width * canvas.height;
  const ofFrames = moves ? picturesBesideFrame * pictureBytes * wholePixels : 0;
  const others = bytesBesides({ shape, layers, pixels, wholePixels, resultPixels: wholePixels }) + ofFrames;
  const inOnePiece = others + evaluationBytes(shape, layers, pixels);
  return { inOnePiece, least: Math.min(inOnePiece, others + leastEvaluationBytes(shape, layers, window)) };
}

/**
 * Returns the longer side of the largest picture of these proportions that can be painted within some memory, in whole 16
 * pixels; 0 if none can.
 */
export function largestSide(
  network: NetworkName,
  { width, height }: Size,
  memoryBytes: number,
  what: Painted = {},
): number {
  const fits = (side: number) =>
    transferMemory(network, fitToLongerSide({ width, height }, side), what).least <= memoryBytes;
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
