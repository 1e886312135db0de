import { describe, expect, it } from 'vitest';
import { contactSheet, movingContactSheet } from '../../src/imaging/contact-sheet.js';
import { crop } from '../../src/imaging/reflect-pad.js';
import { fromBytes, toBytes } from '../../src/imaging/rgb-bytes.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { noisePicture } from '../engine/random-pictures.js';

const red = flat([1, 0, 0]);
const green = flat([0, 1, 0]);

/** Makes a picture of one colour, 64×48 pixels. */
function flat(color: readonly number[]): RgbImage {
  const data = Float32Array.from({ length: 3 * 64 * 48 }, (_, i) => color[Math.floor(i / (64 * 48))] ?? 0);
  return { width: 64, height: 48, data };
}

function frames(...pictures: readonly RgbImage[]) {
  return { width: 64, height: 48, pictures: pictures.map(toBytes) };
}

/** Whether a part of the sheet has letters, whose values are above 0.5, or is empty. */
function hasInk({ data }: RgbImage): boolean {
  return data.some((value) => value > 0.5);
}

describe('a contact sheet', () => {
  it('shows every picture as it is, in rows, with space between', () => {
    const pictures = [1, 2, 3].map((seed) => noisePicture(64, 48, seed));
    const sheet = contactSheet(pictures.map((picture) => ({ picture, label: 'a' })));
    // The sheet has two columns and two rows of 64×48 pixels with captions 9 high, and gaps of 4 around everything.
    expect([sheet.width, sheet.height]).toEqual([4 + 2 * 68, 2 * (48 + 9 + 8) + 4]);
    const corners = [
      [4, 4],
      [72, 4],
      [4, 69],
    ] as const;
    for (const [index, [left, top]] of corners.entries()) {
      expect(crop(sheet, left, top, 64, 48)).toEqual(pictures[index]);
    }
  });

  it('writes a label below each, and its note at the right end', () => {
    const sheet = contactSheet([{ picture: red, label: 'relu1_1', note: '3%' }]);
    expect(hasInk(crop(sheet, 4, 53, 32, 10))).toBe(true);
    expect(hasInk(crop(sheet, 52, 53, 16, 10))).toBe(true);
  });

  it('leaves notes out where they would run into labels', () => {
    const withNote = contactSheet([{ picture: red, label: 'relu1_1', note: 'much too long' }]);
    expect(withNote).toEqual(contactSheet([{ picture: red, label: 'relu1_1' }]));
  });

  it('refuses no pictures, and pictures of different sizes', () => {
    expect(() => contactSheet([])).toThrow(/at least one picture/);
    const other = { picture: noisePicture(48, 64, 1), label: 'b' };
    expect(() => contactSheet([{ picture: red, label: 'a' }, other])).toThrow(/of 64×48, got one of 48×64/);
  });
});

describe('a contact sheet that moves', () => {
  it('has as many frames as the longest tile, each tile at its own pace', () => {
    const { width, height, pictures } = movingContactSheet([
      { label: 'a', frames: frames(red) },
      { label: 'b', frames: frames(red, green) },
      { label: 'c', frames: frames(red, red, red, red, green) },
    ]);
    const colors = pictures.map((bytes) => {
      const sheet = fromBytes(bytes, width, height);
      const at = (x: number, y: number) => (sheet.data[y * width + x] === 1 ? 'red' : 'green');
      return [at(10, 10), at(80, 10), at(10, 80)];
    });
    expect(colors).toEqual([
      ['red', 'red', 'red'],
      ['red', 'red', 'red'],
      ['red', 'green', 'red'],
      ['red', 'green', 'red'],
      ['red', 'green', 'green'],
    ]);
  });
});
