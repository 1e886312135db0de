import type { Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Flow } from './flow.js';
import { smoothed } from './smoothed.js';
import { warp } from './warp.js';

/** Mean difference of a pixel's colours from where its flow says it was, above which it is not the same thing. */
const largestDifference = 0.12;

/**
 * Tells where a flow can be relied on: 1 where it can, 0 where it can't. A pixel was hidden before where the flow to the
 * earlier picture and the flow back from there disagree, and lies at a border of what moves where the flow changes
 * (Sundaram, Brox and Keutzer 2010; Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos", 2016, equations
 * 5 and 6). The bound of borders is higher than theirs, which turning pictures exceed in the middle.
 *
 * @param back - the flow from each pixel of the later picture to the earlier one.
 * @param forth - the flow from each pixel of the earlier picture to the later one.
 */
export function reliability(earlier: RgbImage, later: RgbImage, back: Flow, forth: Flow): Plane {
  const { width, height, dx, dy } = back;
  const data = new Float32Array(width * height);
  const [then, now] = [warp(smoothed(earlier), back).data, smoothed(later).data];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const [u, v] = [dx[i] as number, dy[i] as number];
      const [atX, atY] = [x + u, y + v];
      if (!(atX >= 0 && atX <= width - 1 && atY >= 0 && atY <= height - 1)) continue;
      const [returnX, returnY] = vectorAt(forth, atX, atY);
      const length = u * u + v * v;
      const bothWays = (returnX + u) ** 2 + (returnY + v) ** 2;
      if (bothWays > 0.01 * (length + returnX * returnX + returnY * returnY) + 0.5) continue;
      if (changeAt(back, x, y) > 0.01 * length + 0.01) continue;
      if (differenceAt(then, now, i, width * height) > largestDifference) continue;
      data[i] = 1;
    }
  }
  return { width, height, data };
}

/** Returns a flow's vector between pixels, bilinearly. The position lies inside of the picture. */
function vectorAt({ width, height, dx, dy }: Flow, x: number, y: number): readonly [number, number] {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const i = top * width + left;
  const [beside, below] = [left < width - 1 ? 1 : 0, top < height - 1 ? width : 0];
  const [right, lower] = [x - left, y - top];
  const between = (values: Float32Array) =>
    (1 - lower) * ((1 - right) * (values[i] as number) + right * (values[i + beside] as number)) +
    lower * ((1 - right) * (values[i + below] as number) + right * (values[i + below + beside] as number));
  return [between(dx), between(dy)];
}

/** Returns the squared length of a flow's change from pixel to pixel, |∇u|² + |∇v|². */
function changeAt({ width, height, dx, dy }: Flow, x: number, y: number): number {
  const i = y * width + x;
  const [before, beside] = [x > 0 ? 1 : 0, x < width - 1 ? 1 : 0];
  const [above, below] = [y > 0 ? width : 0, y < height - 1 ? width : 0];
  const squared = (values: Float32Array) => {
    const across = ((values[i + beside] as number) - (values[i - before] as number)) / Math.max(1, before + beside);
    const rows = above > 0 && below > 0 ? 2 : 1;
    const down = ((values[i + below] as number) - (values[i - above] as number)) / rows;
    return across * across + down * down;
  };
  return squared(dx) + squared(dy);
}

function differenceAt(a: Float32Array, b: Float32Array, pixel: number, pixels: number): number {
  let sum = 0;
  for (let i = pixel; i < 3 * pixels; i += pixels) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / 3;
}
