import { expect, it } from 'vitest';
import { channels, luma } from '../../../src/imaging/plane.js';
import { withFamiliarColors } from '../../../src/transfer/colors/familiar-colors.js';
import { noisePicture } from '../../engine/random-pictures.js';

const size = { width: 40, height: 30 };
const pixels = size.width * size.height;
const isNew = (i: number) => i % size.width >= 30;
const map = (value: (i: number) => number) => ({
  ...size,
  data: Float32Array.from({ length: pixels }, (_, i) => value(i)),
});

it('takes colours out of a part that the rest has not, and leaves brightness and what the rest has', () => {
  const noise = noisePicture(size.width, size.height, 4).data;
  // Browns of all shades, the brighter the more yellow; the part has some of them, and greens and violets.
  const data = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    const [shade, hue, odd] = [0, 1, 2].map((plane) => noise[plane * pixels + i] ?? Number.NaN) as [
      number,
      number,
      number,
    ];
    const green = isNew(i) && odd > 0.5 ? (odd > 0.75 ? 0.25 : -0.25) : 0;
    data[i] = 0.3 + 0.5 * shade + 0.03 * (hue - 0.5);
    data[pixels + i] = 0.22 + 0.45 * shade + green;
    data[2 * pixels + i] = 0.2 + 0.2 * shade;
  }
  const picture = { ...size, data };
  const finished = withFamiliarColors(
    picture,
    map((i) => (isNew(i) ? 0 : 1)),
    map((i) => (isNew(i) ? 1 : 0)),
  );
  const changed = (i: number) =>
    [0, 1, 2].some((plane) => finished.data[plane * pixels + i] !== data[plane * pixels + i]);
  const isOdd = (i: number) => isNew(i) && (noise[2 * pixels + i] ?? 0) > 0.5;
  const all = Array.from({ length: pixels }, (_, i) => i);
  expect(all.filter((i) => !isNew(i) && changed(i))).toEqual([]);
  expect(all.filter((i) => isOdd(i) && !changed(i))).toEqual([]);
  expect(all.filter((i) => isNew(i) && !isOdd(i) && changed(i)).length).toBeLessThan(15);
  const [before, after] = [luma(picture).data, luma(finished).data];
  expect(Math.max(...before.map((value, i) => Math.abs(value - (after[i] ?? Number.NaN))))).toBeLessThan(1e-6);
  const [red, green] = channels(finished);
  const greenish = all.filter(isOdd).map((i) => (green.data[i] ?? 0) - 0.9 * (red.data[i] ?? 0) + 0.05);
  expect(Math.max(...greenish.map(Math.abs))).toBeLessThan(0.05);
});
