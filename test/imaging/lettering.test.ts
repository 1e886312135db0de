import { describe, expect, it } from 'vitest';
import { drawLettering, type LetteringStyle, measureLettering } from '../../src/imaging/lettering.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { draw } from './test-pictures.js';

const grey = (width: number, height: number) => draw(width, height, () => [0.5, 0.5, 0.5]);

/**
 * Draws text on grey with `room` pixels around; returns the rows, with `#` for letters, `o` for backing, `.` for grey.
 */
function drawn(text: string, style: LetteringStyle, room = 0): string[] {
  const { width, height } = measureLettering(text, style);
  const image = grey(width + 2 * room, height + 2 * room);
  drawLettering(image, text, { left: room, top: room }, style);
  return rows(image);
}

function rows({ width, height, data }: RgbImage): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (value) =>
      value === 0.5 ? '.' : value > 0.5 ? '#' : 'o',
    ).join(''),
  );
}

const every = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', ...'0123456789_-.:×%()/#,+='];

describe('lettering', () => {
  it('draws letters as they are drawn in the font', () => {
    expect(drawn('h1', { backing: 'none' })).toEqual([
      '#......#.',
      '#.....##.',
      '####...#.',
      '#...#..#.',
      '#...#..#.',
      '#...#..#.',
      '#...#.###',
    ]);
  });

  it('has a glyph of its own for each character that it promises, and a box for all others', () => {
    const looks = new Map(every.map((character) => [drawn(character, { backing: 'none' }).join('\n'), character]));
    expect(looks.size).toBe(every.length);
    const box = drawn('☃', { backing: 'none' });
    expect(box.join('')).toMatch(/^#####(#\.\.\.#){5}#####$/);
    expect(looks.has(box.join('\n'))).toBe(false);
    expect(drawn('é', { backing: 'none' })).toEqual(box);
  });

  it.each(['plate', 'outline', 'none'] as const)('keeps to the measured size with %s, and fills it', (backing) => {
    for (const text of ['7', 'relu1_1', every.join('')]) {
      const picture = drawn(text, { backing, scale: 2 }, 3);
      const columns = picture.flatMap((row) => Array.from(row.matchAll(/[#o]/g), ({ index }) => index));
      const inked = picture.flatMap((row, y) => (/[#o]/.test(row) ? [y] : []));
      const { width, height } = measureLettering(text, { backing, scale: 2 });
      expect([Math.min(...columns), Math.max(...columns)]).toEqual([3, width + 2]);
      expect(Math.min(...inked)).toBe(3);
      expect(Math.max(...inked)).toBeLessThanOrEqual(height + 2);
    }
  });

  it('has something dark next to every light pixel on any ground', () => {
    for (const backing of ['plate', 'outline'] as const) {
      const picture = drawn(every.join(' '), { backing }, 1);
      expect(picture.some((row) => /\.#|#\./.test(row))).toBe(false);
    }
  });

  it('leaves out what lies outside of the picture', () => {
    for (const [left, top] of [
      [-4, -3],
      [7, 5],
      [-400, 2],
      [2, 300],
    ] as const) {
      const image = grey(9, 8);
      expect(() => drawLettering(image, 'Quay', { left, top })).not.toThrow();
    }
    const whole = grey(40, 20);
    drawLettering(whole, 'Quay', { left: 5, top: 5 });
    const part = grey(40, 20);
    drawLettering(part, 'Quay', { left: 30, top: 5 });
    expect(rows(part).map((row) => row.slice(30))).toEqual(rows(whole).map((row) => row.slice(5, 15)));
  });

  it('takes colours', () => {
    const image = grey(20, 20);
    drawLettering(image, '-', { left: 0, top: 0 }, { color: [1, 0.25, 0], backingColor: [0, 0, 0.75] });
    const at = (x: number, y: number) => [0, 1, 2].map((channel) => image.data[(channel * 20 + y) * 20 + x]);
    expect(at(0, 0)).toEqual([0, 0, 0.75]);
    expect(at(2, 6)).toEqual([1, 0.25, 0]);
  });

  it('refuses half pixels', () => {
    expect(() => measureLettering('a', { scale: 1.5 })).toThrow(/whole number from 1 up, got 1.5/);
    expect(() => drawLettering(grey(9, 9), 'a', { left: 0.5, top: 0 })).toThrow(/whole pixels, got \(0.5, 0\)/);
  });
});
