import type { Mask } from './mask.js';
import type { Region } from './region.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A canvas's sides are multiples of this number, and so are a window's, so that poolings see the same pixels together. */
export const windowAlignment = 16;

/**
 * How many pixels around an area its window has at least. The deepest layers see up to 80, but little of what is more than
 * 32 away: the loss is that of the whole canvas within about a hundredth, and the gradient's direction nearly the same.
 */
export const usualHalo = 32;

/** The share of a canvas beyond which a window saves too little to be worth its copies. */
export const largestShare = 0.9;

/**
 * Returns about how large the window of a canvas is that styling some boxes takes: the canvas itself where that is nearly all
 * of it.
 * @param boxes - those that all that is styled lies in. Default: it is everywhere.
 */
export function windowSize(canvas: Size, boxes?: readonly Region[]): Size {
  if (boxes === undefined || boxes.length === 0) return canvas;
  const along = (side: number, begins: readonly number[], ends: readonly number[]) => {
    const [begin, end] = [Math.max(0, Math.min(...begins)), Math.min(100, Math.max(...ends))];
    const styled = windowAlignment * (Math.ceil((side * (end - begin)) / 100 / windowAlignment) + 1);
    const halos = (begin > 0 ? usualHalo : 0) + (end < 100 ? usualHalo : 0);
    return Math.min(side, styled + halos);
  };
  const window = {
    width: along(
      canvas.width,
      boxes.map(({ left }) => left),
      boxes.map(({ left, width }) => left + width),
    ),
    height: along(
      canvas.height,
      boxes.map(({ top }) => top),
      boxes.map(({ top, height }) => top + height),
    ),
  };
  return window.width * window.height > largestShare * canvas.width * canvas.height ? canvas : window;
}

/** Returns the box that all that a mask has styled lies in, in percent. */
export function boxOf({ width, height, data }: Mask): Region {
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] === 0) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.top = Math.min(box.top, y);
      box.bottom = y + 1;
    }
  }
  const [left, top] = [(100 * box.left) / width, (100 * box.top) / height];
  return { left, top, width: (100 * box.right) / width - left, height: (100 * box.bottom) / height - top };
}
