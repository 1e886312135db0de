import type { RgbImage } from '../imaging/rgb-image.js';
import type { Flow } from './flow.js';

/**
 * Moves a picture along a flow: each pixel of the result is what the flow points at in `picture`. Between pixels it
 * interpolates with Catmull-Rom's kernel, which blurs far less than a bilinear one where a picture is moved again and
 * again; beyond the border the border's pixels go on.
 * @param picture - a picture, or any number of planes, of the flow's size.
 * @returns a new picture, whose values may overstep those of the old one a little next to edges.
 */
export function warp({ width, height, data }: RgbImage, { dx, dy }: Flow): RgbImage {
  const pixels = width * height;
  const planes = data.length / pixels;
  const warped = new Float32Array(data.length);
  const columns = new Int32Array(4);
  const rows = new Int32Array(4);
  const across = new Float64Array(4);
  const down = new Float64Array(4);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const [shiftX, shiftY] = [dx[i] as number, dy[i] as number];
      if (shiftX === 0 && shiftY === 0) {
        // What stands still is taken as it is, to the last bit.
        for (let at = i; at < data.length; at += pixels) warped[at] = data[at] as number;
        continue;
      }
      tapsAt(x + shiftX, width, columns, across);
      tapsAt(y + shiftY, height, rows, down);
      for (let plane = 0; plane < planes; plane++) {
        const offset = plane * pixels;
        let sum = 0;
        for (let row = 0; row < 4; row++) {
          const start = offset + (rows[row] as number) * width;
          sum +=
            (down[row] as number) *
            ((across[0] as number) * (data[start + (columns[0] as number)] as number) +
              (across[1] as number) * (data[start + (columns[1] as number)] as number) +
              (across[2] as number) * (data[start + (columns[2] as number)] as number) +
              (across[3] as number) * (data[start + (columns[3] as number)] as number));
        }
        warped[offset + i] = sum;
      }
    }
  }
  return { width, height, data: warped };
}

/** Finds the four samples along an axis that a value between them is made of, and their weights. */
function tapsAt(position: number, length: number, samples: Int32Array, weights: Float64Array): void {
  const inside = Math.min(Math.max(position, 0), length - 1);
  const first = Math.floor(inside);
  const t = inside - first;
  for (let tap = 0; tap < 4; tap++) samples[tap] = Math.min(Math.max(first + tap - 1, 0), length - 1);
  weights[0] = ((-0.5 * t + 1) * t - 0.5) * t;
  weights[1] = (1.5 * t - 2.5) * t * t + 1;
  weights[2] = ((-1.5 * t + 2) * t + 0.5) * t;
  weights[3] = (0.5 * t - 0.5) * t * t;
}
