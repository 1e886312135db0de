import { type Rectangle, reachOf } from '../../engine/pieces/cut.js';
import { cutOut, putInto } from '../../engine/pieces/planes.js';
import { parseLayer } from '../../engine/topology.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Canvas } from '../canvas.js';
import type { Surface } from '../coarse-to-fine.js';
import type { Mask } from './mask.js';

/** A canvas's sides are multiples of this number, and so are a window's, so that poolings see the same pixels together. */
const alignment = 16;

/** The share of a canvas beyond which a window saves too little to be worth its copies. */
const largestShare = 0.9;

/**
 * Returns the part of a canvas that an area's loss and gradient depend on: a box around the area, with all that the
 * layers see from there.
 * @param layers - all layers as far as the deepest that is looked at.
 * @returns undefined where that is nearly all of the canvas.
 */
export function windowAround({ width, height, data }: Mask, layers: readonly string[]): Rectangle | undefined {
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (const [i, value] of data.entries()) {
    if (value === 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
  }
  const halo = alignment * Math.ceil(reachOfLayers(layers) / alignment);
  const before = (side: number) => Math.max(0, alignment * Math.floor(side / alignment) - halo);
  const behind = (side: number, end: number) => Math.min(end, alignment * Math.ceil(side / alignment) + halo);
  const window = {
    left: before(box.left),
    top: before(box.top),
    right: behind(box.right, width),
    bottom: behind(box.bottom, height),
  };
  const pixels = (window.right - window.left) * (window.bottom - window.top);
  return pixels > largestShare * width * height ? undefined : window;
}

/** Returns how many pixels around its own the last of some layers sees; patches of pixels see less. */
function reachOfLayers(layers: readonly string[]): number {
  const blocks = [...new Set(layers.map((layer) => parseLayer(layer).convolution))].map((name) => {
    return Number.parseInt(name, 10);
  });
  return reachOf(
    blocks.map((block) => ({ downsampling: 2 ** (block - 1) })),
    blocks.length - 1,
  );
}

/** The part of a canvas that the optimiser works on. Around it the picture stays as it was placed. */
export class WindowSurface implements Surface {
  readonly #canvas: Canvas;
  readonly #window: Rectangle;
  #placed: RgbImage | undefined;

  /** @param window - a part of the canvas. */
  constructor(canvas: Canvas, window: Rectangle) {
    this.#canvas = canvas;
    this.#window = window;
  }

  place(picture: RgbImage): RgbImage {
    this.#placed = this.#canvas.place(picture);
    return cutOut(this.#placed, this.#window);
  }

  /** @throws TypeError where nothing has been placed. */
  cutOut(point: Float32Array): RgbImage {
    if (!this.#placed) throw new TypeError('Expected a picture to be placed before a point is cut out, got none');
    const whole = { ...this.#placed, data: this.#placed.data.slice() };
    const { left, right, top, bottom } = this.#window;
    putInto(whole, this.#window, { width: right - left, height: bottom - top, data: point });
    return this.#canvas.cutOut(whole.data);
  }
}
