import { beforeAll, describe, expect, it } from 'vitest';
import { crop } from '../../src/imaging/reflect-pad.js';
import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { normalNumbers } from '../../src/random-numbers.js';
import { compare } from '../../src/spot-difference/comparison.js';
import { draw, gradient, mosaic } from '../imaging/test-pictures.js';
import { photograph, photographNames } from './photographs.js';
import { betweenPixels, throughJpeg } from './planted-pair.js';

let photographs: readonly RgbImage[];
beforeAll(async () => {
  // The first photograph has much detail, the second hardly any.
  photographs = await Promise.all([photograph('rocket', 200), photograph('chelsea', 200)]);
});

const grey = (width: number, height: number, level = 0.5) => draw(width, height, () => [level, level, level]);

/** Returns the picture with a rectangle of one colour in it. */
function withPatch(
  { width, height, data }: RgbImage,
  [left, top, right, bottom]: readonly [number, number, number, number],
  color: readonly [number, number, number],
): RgbImage {
  return draw(width, height, (x, y) =>
    x >= left && x < right && y >= top && y < bottom
      ? color
      : ([0, 1, 2].map((channel) => data[(channel * height + y) * width + x] ?? 0) as [number, number, number]),
  );
}

describe('two pictures that are the same to a person', () => {
  const nothing = { likeness: 'alike', found: 0, regions: [] };

  it('are identical only where every pixel is', async () => {
    const [picture] = photographs as [RgbImage];
    expect(compare(picture, { ...picture, data: picture.data.slice() }, 768)).toMatchObject({
      likeness: 'identical',
      found: 0,
      share: 0,
    });
    const almost = picture.data.slice();
    almost[1000] = (almost[1000] ?? 0) + 1 / 255;
    expect(compare(picture, { ...picture, data: almost }, 768)).toMatchObject(nothing);
  });

  it('are alike after JPEG', async () => {
    for (const name of photographNames) {
      const picture = await photograph(name, 200);
      const compressed = await throughJpeg(picture, 85);
      expect(compare(picture, compressed, 768)).toMatchObject(nothing);
      expect(compare(compressed, await throughJpeg(picture, 70), 768)).toMatchObject(nothing);
    }
  });

  it.each([0.8, 0.5, 0.3])('are alike in another size, %s of the sides, whichever comes first', async (scale) => {
    for (const picture of photographs) {
      const [width, height] = [Math.round(scale * picture.width), Math.round(scale * picture.height)];
      const smaller = await throughJpeg(resample(picture, width, height), 85);
      const one = compare(picture, smaller, 768);
      expect(one).toMatchObject(nothing);
      // Both are compared in the smaller picture's size: nothing is enlarged.
      expect([one.first.width, one.first.height, one.second.width, one.second.height]).toEqual([
        width,
        height,
        width,
        height,
      ]);
      expect(compare(smaller, picture, 768)).toMatchObject(nothing);
    }
  });

  it('are alike where one was squeezed by some percent', () => {
    for (const picture of photographs) {
      expect(compare(picture, resample(picture, picture.width, Math.round(0.96 * picture.height)), 768)).toMatchObject(
        nothing,
      );
    }
  });

  it.each<readonly [string, number, number, (picture: RgbImage) => RgbImage]>([
    ['whole pixels', 7, 4, (picture) => crop(picture, 7, 4, picture.width - 12, picture.height - 12)],
    ['half pixels', 2.5, 3.5, (picture) => betweenPixels(picture, 2.5, 3.5, picture.width - 12, picture.height - 12)],
    ['a part of it', 30, 0, (picture) => crop(picture, 30, 0, picture.width - 30, picture.height)],
    ['another part', 0, 20, (picture) => crop(picture, 0, 20, picture.width, picture.height - 20)],
  ])('are alike shifted and cut: %s', (_what, x, y, change) => {
    for (const picture of photographs) {
      const changed = compare(picture, change(picture), 768);
      expect(changed).toMatchObject(nothing);
      expect(Math.hypot(changed.shiftX - x, changed.shiftY - y)).toBeLessThan(0.15);
    }
  });

  it('are alike where one was cut and then made smaller', () => {
    for (const picture of photographs) {
      const part = crop(picture, 0, 24, picture.width, picture.height - 24);
      const smaller = resample(part, Math.round(part.width * 0.7), Math.round(part.height * 0.7));
      expect(compare(picture, smaller, 768)).toMatchObject(nothing);
    }
  });

  it('are alike in noise that both have, and with nothing to see in them', () => {
    for (const noise of [0.02, 0.06]) {
      const noisy = (seed: number) => {
        const normal = normalNumbers(seed);
        return draw(120, 90, () => [0.5 + noise * normal(), 0.5 + noise * normal(), 0.5 + noise * normal()]);
      };
      expect(compare(noisy(1), noisy(2), 768)).toMatchObject(nothing);
    }
    expect(compare(grey(100, 80), grey(50, 40, 0.501), 768)).toMatchObject(nothing);
    expect(compare(gradient(90, 60), gradient(60, 40), 768)).toMatchObject(nothing);
  });
});

describe('two pictures that differ', () => {
  it('have their differences told by place, in reading order', () => {
    const plain = grey(200, 150);
    const rectangles = [
      [20, 12, 34, 26],
      [150, 15, 160, 25],
      [90, 70, 110, 82],
      [30, 120, 42, 132],
    ] as const;
    const changed = rectangles.reduce<RgbImage>(
      (picture, rectangle) => withPatch(picture, rectangle, [0.7, 0.5, 0.5]),
      plain,
    );
    const { likeness, regions, found } = compare(plain, changed, 768);
    expect([likeness, found]).toEqual(['different', 4]);
    for (const [index, [left, top, right, bottom]] of rectangles.entries()) {
      const region = regions[index];
      expect(Math.abs((region?.left ?? 0) - left)).toBeLessThan(5);
      expect(Math.abs((region?.top ?? 0) - top)).toBeLessThan(5);
      expect(Math.abs((region?.width ?? 0) - (right - left))).toBeLessThan(9);
      expect(Math.abs((region?.height ?? 0) - (bottom - top))).toBeLessThan(9);
    }
  });

  it('count what was taken away as what was added', () => {
    const [, chelsea] = photographs as [RgbImage, RgbImage];
    const changed = withPatch(chelsea, [110, 35, 119, 44], [0.1, 0.4, 0.9]);
    expect(compare(chelsea, changed, 768).found).toBe(1);
    expect(compare(changed, chelsea, 768).found).toBe(1);
  });

  it('are laid on each other by what they share, though a third is covered', () => {
    for (const picture of photographs) {
      const { width, height } = picture;
      const covered = withPatch(picture, [0, 0, Math.round(width / 3), height], [0.2, 0.6, 0.4]);
      const shifted = crop(covered, 5, 3, width - 10, height - 6);
      expect(compare(picture, shifted, 768)).toMatchObject({ likeness: 'different', shiftX: 5, shiftY: 3, found: 1 });
    }
  });

  it('have thirty differences at most shown, and all counted', () => {
    const changed = draw(600, 600, (x, y) => (x % 60 < 12 && y % 60 < 12 ? [0.9, 0.5, 0.5] : [0.5, 0.5, 0.5]));
    const { found, regions } = compare(grey(600, 600), changed, 768);
    expect([found, regions.length]).toEqual([100, 30]);
  });

  it('differ everywhere where they have nothing in common, or hardly anything', async () => {
    const [rocket, chelsea] = photographs as [RgbImage, RgbImage];
    const coffee = await photograph('coffee', 200);
    const nearlyAll = { likeness: 'unlike', found: 0, regions: [] };
    expect(compare(rocket, coffee, 768)).toMatchObject(nearlyAll);
    expect(compare(chelsea, coffee, 768)).toMatchObject(nearlyAll);
    expect(compare(coffee, { ...coffee, data: coffee.data.map((value) => 1 - value) }, 768)).toMatchObject(nearlyAll);
    expect(compare(grey(90, 60, 0), grey(90, 60, 1), 768)).toMatchObject(nearlyAll);
    expect(compare(mosaic(100, 60, 1), mosaic(100, 60, 2), 768)).toMatchObject(nearlyAll);
    expect(compare(grey(400, 20), mosaic(20, 400), 768)).toMatchObject({ likeness: 'unlike' });
  });

  it('may be tiny', () => {
    expect(compare(grey(1, 1), grey(1, 1), 768).likeness).toBe('identical');
    expect(compare(grey(1, 1), grey(3, 2, 0.9), 768).likeness).toBe('unlike');
    const changed = withPatch(mosaic(24, 16), [14, 5, 20, 11], [0.9, 0.1, 0.1]);
    expect(compare(mosaic(24, 16), changed, 768)).toMatchObject({ likeness: 'different', found: 1 });
  });

  it('are compared at the size that is asked for', () => {
    const [rocket] = photographs as [RgbImage];
    expect(compare(rocket, rocket, 100).first).toMatchObject({ width: 100, height: 67 });
  });
});
