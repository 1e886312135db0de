import { describe, expect, test } from 'vitest';
import { crop, reflectPad } from '../../src/imaging/reflect-pad.js';
import { draw, mosaic, pixelAt } from './test-pictures.js';

const row = (length: number) => draw(length, 1, (x) => [x, x + 10, x + 20]);
const none = { top: 0, right: 0, bottom: 0, left: 0 };

describe('reflectPad', () => {
  // The expected rows are those of numpy.pad(range(length), (left, right), 'reflect').
  test.each([
    [4, 2, 2, [2, 1, 0, 1, 2, 3, 2, 1]],
    [4, 0, 3, [0, 1, 2, 3, 2, 1, 0]],
    [3, 5, 5, [1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1]],
    [2, 3, 4, [1, 0, 1, 0, 1, 0, 1, 0, 1]],
    [1, 2, 3, [0, 0, 0, 0, 0, 0]],
    [3, 0, 0, [0, 1, 2]],
  ])('mirrors a row of %i with margins of %i and %i', (length, left, right, expected) => {
    const padded = reflectPad(row(length), { ...none, left, right });

    expect([padded.width, padded.height]).toEqual([expected.length, 1]);
    expect([...padded.data]).toEqual([0, 10, 20].flatMap((base) => expected.map((value) => value + base)));
  });

  test('mirrors on all four sides', () => {
    const picture = draw(5, 4, (x, y) => [x, y, 10 * y + x]);

    const padded = reflectPad(picture, { top: 1, right: 2, bottom: 3, left: 4 });

    expect([padded.width, padded.height]).toEqual([11, 8]);
    expect(pixelAt(padded, 0, 0)).toEqual([4, 1, 14]);
    expect(pixelAt(padded, 4, 1)).toEqual([0, 0, 0]);
    expect(pixelAt(padded, 10, 7)).toEqual([2, 0, 2]);
  });

  test('mirrors a single plane as it does each of a picture', () => {
    const picture = mosaic(9, 7);
    const margins = { top: 2, right: 3, bottom: 1, left: 12 };

    const plane = reflectPad({ ...picture, data: picture.data.slice(0, 9 * 7) }, margins);

    expect(plane.data).toEqual(reflectPad(picture, margins).data.slice(0, plane.width * plane.height));
  });

  test('is undone by crop', () => {
    const picture = mosaic(9, 7);

    const padded = reflectPad(picture, { top: 20, right: 3, bottom: 1, left: 12 });

    expect(crop(padded, 12, 20, 9, 7)).toEqual(picture);
  });

  test.each([-1, 1.5])('refuses a margin of %d', (left) => {
    expect(() => reflectPad(row(3), { ...none, left })).toThrow(
      `left margin to be a whole number of pixels from 0 up, got ${left}`,
    );
  });
});

describe('crop', () => {
  test('takes the part that is asked for', () => {
    const part = crop(
      draw(6, 5, (x, y) => [x, y, 1]),
      2,
      1,
      3,
      4,
    );

    expect([part.width, part.height]).toEqual([3, 4]);
    expect(pixelAt(part, 0, 0)).toEqual([2, 1, 1]);
    expect(pixelAt(part, 2, 3)).toEqual([4, 4, 1]);
  });

  test.each([
    [-1, 0, 2, 2],
    [5, 0, 2, 2],
    [0, 4, 2, 2],
    [0, 0, 0, 2],
    [0.5, 0, 2, 2],
  ])('refuses what is not wholly inside: (%d, %d), %d×%d', (left, top, width, height) => {
    expect(() => crop(mosaic(6, 5), left, top, width, height)).toThrow(RangeError);
  });
});
