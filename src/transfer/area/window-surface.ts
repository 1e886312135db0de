import type { Rectangle } from '../../engine/pieces/cut.js';
import { cutOut, putInto } from '../../engine/pieces/planes.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Canvas } from '../canvas.js';
import type { Surface } from '../coarse-to-fine.js';

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
