import { inside, type Rectangle } from '../../engine/pieces/cut.js';
import { cutOut } from '../../engine/pieces/planes.js';
import { clamped, type RgbImage } from '../../imaging/rgb-image.js';
import type { Canvas } from '../canvas.js';
import type { Surface } from '../coarse-to-fine.js';
import { withPart } from './window.js';

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
    this.#placed = clamped(picture);
    return cutOut(this.#canvas.place(picture), this.#window);
  }

  /** @throws TypeError where nothing has been placed. */
  cutOut(point: Float32Array): RgbImage {
    if (!this.#placed) throw new TypeError('Expected a picture to be placed before a point is cut out, got none');
    const { left, top, right, bottom } = this.#window;
    const { inner } = this.#canvas;
    // Of the window, what lies in the margins is not seen.
    const seen = {
      left: Math.max(left, inner.left),
      top: Math.max(top, inner.top),
      right: Math.min(right, inner.right),
      bottom: Math.min(bottom, inner.bottom),
    };
    const painted = { width: right - left, height: bottom - top, data: point };
    return withPart(this.#placed, inside(seen, inner), clamped(cutOut(painted, inside(seen, this.#window))));
  }
}
