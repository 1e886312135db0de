import type { Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Flow } from './flow.js';
import { warp } from './warp.js';

/** Mean difference of a pixel's colours from where its flow says it was, above which it is not the same thing. */
const largestDifference = 0.12;

/**
 * Tells where a flow can be relied on: 1 where it can, 0 where it can't. A pixel was hidden before where the flow to the
 * earlier picture and the flow back from there disagree, and lies at a border of what moves where the flow changes
 * (Sundaram, Brox and Keutzer 2010; Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos", 2016, equations
 * 5 and 6). The bound of borders is higher than theirs, which turning pictures exceed in the middle.
 *
 * @param earlier - the earlier picture, smoothed; @param later - the later one, smoothed.
 * @param back - the flow from each pixel of the later picture to the earlier one.
 * @param forth - the flow from each pixel of the earlier picture to the later one.
 */
export function reliability(earlier: RgbImage, later: RgbImage, back: Flow, forth: Flow): Plane {
  const { width, height, dx, dy } = back;
  const data = new Float32Array(width * height);
  const [then, now] = [warp(earlier, back).data, later.data];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const u = dx[i] as number;
      const v = dy[i] as number;
      const atX = x + u;
      const atY = y + v;
      if (!(atX >= 0 && atX <= width - 1 && atY >= 0 && atY <= height - 1)) continue;
      const returnX = valueAt(forth.dx, forth, atX, atY);
      const returnY = valueAt(forth.dy, forth, atX, atY);
      const length = u * u + v * v;
      const bothWays = (returnX + u) ** 2 + (returnY + v) ** 2;
      if (bothWays > 0.01 * (length + returnX * returnX + returnY * returnY) + 0.5) continue;
      if (slopeAt(dx, back, x, y) + slopeAt(dy, back, x, y) > 0.01 * length + 0.01) continue;
      if (differenceAt(then, now, i, width * height) > largestDifference) continue;
      data[i] = 1;
    }
  }
  return { width, height, data };
}

/** Returns a value of a flow between pixels, bilinearly. The position lies inside of the picture. */
function valueAt(values: Float32Array, { width, height }: Flow, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const i = top * width + left;
  const beside = left < width - 1 ? 1 : 0;
  const below = top < height - 1 ? width : 0;
  const right = x - left;
  const lower = y - top;
  const upper = (1 - right) * (values[i] as number) + right * (values[i + beside] as number);
  const under = (1 - right) * (values[i + below] as number) + right * (values[i + below + beside] as number);
  return (1 - lower) * upper + lower * under;
}

/** Returns the square of how much a flow's values change from pixel to pixel, |∇u|². */
function slopeAt(values: Float32Array, { width, height }: Flow, x: number, y: number): number {
  const i = y * width + x;
  const before = x > 0 ? 1 : 0;
  const beside = x < width - 1 ? 1 : 0;
  const above = y > 0 ? 1 : 0;
  const below = y < height - 1 ? 1 : 0;
  const across = ((values[i + beside] as number) - (values[i - before] as number)) / Math.max(1, before + beside);
  const down =
    ((values[i + below * width] as number) - (values[i - above * width] as number)) / Math.max(1, above + below);
  return across * across + down * down;
}

function differenceAt(a: Float32Array, b: Float32Array, pixel: number, pixels: number): number {
  let sum = 0;
  for (let i = pixel; i < 3 * pixels; i += pixels) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / 3;
}
