import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { singleStyle } from '../../../src/transfer/pictures.js';
import { withoutChromaNoise } from '../../../src/transfer/pixels/chroma-noise.js';
import { noisePicture, wavyPicture } from '../../engine/random-pictures.js';

const size = { width: 48, height: 40 };
const pixels = size.width * size.height;
const [cb, cr] = [
  [-0.168736, -0.331264, 0.5],
  [0.5, -0.418688, -0.081312],
];
const luminance = [0.299, 0.587, 0.114];

/** Adds noise to smooth waves: of brightness, of blue against the rest, and of red against the rest. */
function picture(bright: number, blue: number, red: number): RgbImage {
  const smooth = wavyPicture(size.width, size.height, 1);
  const kinds = [noisePicture(size.width, size.height, 2), noisePicture(size.width, size.height, 3)];
  const noise = (kind: number, i: number) => (kinds[kind]?.data[i] ?? Number.NaN) - 0.5;
  const data = smooth.data.map((value, i) => {
    const [channel, at] = [Math.floor(i / pixels), i % pixels];
    const ofChroma = (channel === 2 ? blue : 0) * noise(0, at) + (channel === 0 ? red : 0) * noise(0, pixels + at);
    return 0.5 + 0.2 * (value - 0.5) + bright * noise(1, at) + ofChroma;
  });
  return { ...size, data };
}

function plane({ data }: RgbImage, shares: readonly number[] = []): readonly number[] {
  return Array.from({ length: pixels }, (_, i) =>
    shares.reduce((sum, share, channel) => sum + share * (data[channel * pixels + i] ?? Number.NaN), 0),
  );
}

/** Returns the energy of the finest detail, of inner pixels in the columns [from, to). */
function finest(of: RgbImage, shares?: readonly number[], from = 1, to = size.width - 1): number {
  const values = plane(of, shares);
  const squares: number[] = [];
  for (let y = 1; y < size.height - 1; y++) {
    for (let x = from; x < to; x++) {
      let blurred = 0;
      for (const dy of [-1, 0, 1]) {
        for (const dx of [-1, 0, 1]) {
          const share = ((2 - Math.abs(dx)) * (2 - Math.abs(dy))) / 16;
          blurred += share * (values[(y + dy) * size.width + x + dx] ?? Number.NaN);
        }
      }
      squares.push(((values[y * size.width + x] ?? Number.NaN) - blurred) ** 2);
    }
  }
  return squares.reduce((sum, one) => sum + one, 0) / squares.length;
}

function largestChange(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
}

describe('taking noise of colours out', () => {
  const style = picture(0.2, 0.1, 0.1);

  it('leaves each chroma colour as much as the style has, and brightness and large shapes as they are', () => {
    const noisy = picture(0.2, 0.4, 0.2);
    const calm = withoutChromaNoise(noisy, singleStyle(style));
    for (const color of [cb, cr]) {
      expect(finest(noisy, color) / finest(style, color)).toBeGreaterThan(2);
      expect(finest(calm, color) / finest(style, color)).toBeCloseTo(1, 1);
      const mean = (of: RgbImage) => plane(of, color).reduce((sum, value) => sum + value, 0) / pixels;
      expect(mean(calm)).toBeCloseTo(mean(noisy), 3);
    }
    expect(largestChange(plane(calm, luminance), plane(noisy, luminance))).toBeLessThan(1e-5);
  });

  it('leaves as much beside a brightness that is smoother than the style’s, and no more beside a coarser one', () => {
    const smoother = withoutChromaNoise(picture(0.1, 0.1, 0.1), singleStyle(style));
    expect(finest(smoother, cb) / finest(smoother, luminance)).toBeCloseTo(
      finest(style, cb) / finest(style, luminance),
      1,
    );
    const coarser = withoutChromaNoise(picture(0.4, 0.2, 0.2), singleStyle(style));
    expect(finest(coarser, cb) / finest(style, cb)).toBeCloseTo(1, 1);
  });

  it('changes nothing where there is less than in the style, and takes the mean of several', () => {
    const calm = picture(0.2, 0.08, 0.08);
    expect(withoutChromaNoise(calm, singleStyle(style))).toEqual(calm);
    const blended = withoutChromaNoise(picture(0.2, 0.4, 0.4), [
      { picture: style, weight: 0.5 },
      { picture: picture(0.2, 0.3, 0.3), weight: 0.5 },
    ]);
    const wanted = (finest(style, cr) + finest(picture(0.2, 0.3, 0.3), cr)) / 2;
    expect(finest(blended, cr) / wanted).toBeCloseTo(1, 1);
  });

  it('looks at what a map counts, and changes nothing else', () => {
    const noisy = picture(0.2, 0.4, 0.4);
    const left = { ...size, data: Float32Array.from({ length: pixels }, (_, i) => (i % size.width < 24 ? 1 : 0)) };
    const calm = withoutChromaNoise(noisy, singleStyle(style), left);
    expect(finest(calm, cb, 1, 23) / finest(style, cb)).toBeCloseTo(1, 0);
    expect(finest(calm, cb, 1, 23)).toBeLessThan(finest(noisy, cb, 1, 23) / 2);
    expect(calm.data.every((value, i) => i % size.width < 24 || value === noisy.data[i])).toBe(true);
    const none = { ...size, data: new Float32Array(pixels) };
    expect(withoutChromaNoise(noisy, singleStyle(style), none)).toEqual(noisy);
  });
});
