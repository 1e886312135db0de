import type { Rectangle } from '../../engine/pieces/cut.js';
import { cutOut, type Planes, putInto } from '../../engine/pieces/planes.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { largestMargin } from '../margins.js';
import { downsamplingOf } from '../style-layers.js';
import type { Mask } from './mask.js';
import type { Region } from './region.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A canvas's sides are multiples of this number, and so are a window's: one graph then serves them all. */
const sideUnit = 16;

/**
 * How many positions of the deepest layer a window has around its area at least. Layers see about twice as far, but little of
 * that counts: the loss is that of the whole canvas within about a hundredth, and the gradient's direction nearly the same.
 */
const usualHalo = 2;

/** Returns how many pixels the positions of the deepest of some layers are apart. */
export function strideOf(layers: readonly string[]): number {
  return Math.max(1, ...layers.map(downsamplingOf));
}

/** The share of a canvas beyond which a window saves too little to be worth its copies. */
const largestShare = 0.9;

/**
 * Returns about how large the window of a canvas is that styling some boxes takes: the canvas itself where that is nearly all
 * of it.
 * @param boxes - those that all that is styled lies in; undefined: it is everywhere.
 * @param stride - see {@link windowAround}.
 */
export function windowSize(canvas: Size, boxes: readonly Region[] | undefined, stride: number): Size {
  if (boxes === undefined || boxes.length === 0) return canvas;
  const along = (side: number, begins: readonly number[], ends: readonly number[]) => {
    // What is so near to an edge that the margins mirror it goes on as far as they do.
    const mirrored = (100 * largestMargin) / Math.max(1, side - 2 * largestMargin);
    const [first, last] = [Math.min(...begins), Math.max(...ends)];
    const [begin, end] = [first > mirrored ? first : 0, last < 100 - mirrored ? last : 100];
    const halos = ((begin > 0 ? 1 : 0) + (end < 100 ? 1 : 0)) * usualHalo * stride;
    // Borders lie anywhere between two positions of the deepest layer, and cover a part of a pixel on each side.
    const seen = (side * (end - begin)) / 100 + 2 + halos + stride;
    return Math.min(side, roundedUp(seen, sideUnit));
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
  return isNearlyAll(window, canvas) ? canvas : window;
}

/**
 * Returns the part of a canvas that an area's loss and gradient depend on: a box around the area, with nearly all that the
 * layers see from there.
 * @param stride - how many pixels the positions of the deepest layer are apart, see {@link strideOf}. Windows begin at
 *   multiples of that, so that poolings see the same pixels together.
 * @param halo - how many such positions around the area the window has at least. Default: {@link usualHalo}.
 * @returns undefined where that is nearly all of the canvas.
 */
export function windowAround(area: Mask, stride: number, halo = usualHalo): Rectangle | undefined {
  const box = boundsOf(area);
  const spanAround = (begin: number, end: number, side: number) => {
    const from = Math.max(0, stride * (Math.floor(begin / stride) - halo));
    const length = Math.min(side, roundedUp(Math.min(side, end + halo * stride) - from, sideUnit));
    const to = Math.min(side, from + length);
    return [to - length, to] as const;
  };
  const [left, right] = spanAround(box.left, box.right, area.width);
  const [top, bottom] = spanAround(box.top, box.bottom, area.height);
  const size = { width: right - left, height: bottom - top };
  return isNearlyAll(size, area) ? undefined : { left, top, right, bottom };
}

/** Returns a function that cuts a window out of pictures and masks; without a window they stay as they are. */
export function seenThrough(window: Rectangle | undefined) {
  return <Picture extends Planes | undefined>(picture: Picture): Picture =>
    picture && window ? { ...picture, ...cutOut(picture, window) } : picture;
}

/** Returns a copy of a picture in which a window has another picture's pixels. */
export function withPart(picture: RgbImage, window: Rectangle, part: RgbImage): RgbImage {
  const whole = { ...picture, data: picture.data.slice() };
  putInto(whole, window, part);
  return whole;
}

function roundedUp(value: number, unit: number): number {
  return unit * Math.ceil(value / unit);
}

function isNearlyAll(window: Size, canvas: Size): boolean {
  return window.width * window.height > largestShare * canvas.width * canvas.height;
}

/** Returns the box that all that a mask has styled lies in, in percent. */
export function boxOf(mask: Mask): Region {
  const { width, height } = mask;
  const { left, top, right, bottom } = boundsOf(mask);
  return {
    left: (100 * left) / width,
    top: (100 * top) / height,
    width: (100 * (right - left)) / width,
    height: (100 * (bottom - top)) / height,
  };
}

/** Returns the smallest rectangle around all pixels that a mask has styled. */
function boundsOf({ width, height, data }: Mask): Rectangle {
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
  return box;
}
