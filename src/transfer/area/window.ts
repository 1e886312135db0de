import type { Rectangle } from '../../engine/pieces/cut.js';
import { cutOut, putInto } from '../../engine/pieces/planes.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Canvas } from '../canvas.js';
import type { Surface } from '../coarse-to-fine.js';
import type { Mask } from './mask.js';
import { largestShare, usualHalo, windowAlignment } from './window-size.js';

/**
 * Returns the part of a canvas that an area's loss and gradient depend on: a box around the area, with nearly all that the
 * layers see from there.
 * @param halo - how many pixels around the area it has at least, a multiple of 16. Default: {@link usualHalo}.
 * @returns undefined where that is nearly all of the canvas.
 */
export function windowAround({ width, height, data }: Mask, halo = usualHalo): Rectangle | undefined {
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = y + 1;
  }
  const before = (side: number) => Math.max(0, windowAlignment * Math.floor(side / windowAlignment) - halo);
  const behind = (side: number, end: number) =>
    Math.min(end, windowAlignment * Math.ceil(side / windowAlignment) + halo);
  const window = {
    left: before(box.left),
    top: before(box.top),
    right: behind(box.right, width),
    bottom: behind(box.bottom, height),
  };
  const pixels = (window.right - window.left) * (window.bottom - window.top);
  return pixels > largestShare * width * height ? undefined : window;
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
