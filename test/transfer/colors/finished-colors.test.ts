import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { colorDistance, colorStatistics } from '../../../src/transfer/colors/color-statistics.js';
import { withColorsOfStyles } from '../../../src/transfer/colors/finished-colors.js';
import { singleStyle } from '../../../src/transfer/pictures.js';
import { noisePicture } from '../../engine/random-pictures.js';

const size = { width: 48, height: 40 };
const pixels = size.width * size.height;

/** Makes a picture of a mean colour, and of noise along three directions: of brightness, blue to yellow, and green to purple. */
function picture(seed: number, mean: readonly number[], [bright, blue, green]: readonly [number, number, number]) {
  const noise = noisePicture(size.width, size.height, seed).data;
  const directions = [
    [bright, bright, bright],
    [-blue, -blue, 2 * blue],
    [-green, green, 0],
  ];
  const data = noise.map((_, i) => {
    const [channel, at] = [Math.floor(i / pixels), i % pixels];
    const spread = directions.map((direction, k) => (direction[channel] ?? 0) * ((noise[k * pixels + at] ?? 0) - 0.5));
    return (mean[channel] ?? 0) + spread.reduce((sum, value) => sum + value, 0);
  });
  return { ...size, data };
}

const style = picture(1, [0.6, 0.5, 0.4], [0.4, 0.05, 0.04]);
const content = picture(2, [0.2, 0.3, 0.6], [0.2, 0.1, 0.1]);

function distance(a: RgbImage, b: RgbImage): number {
  return colorDistance(colorStatistics(a, undefined, 1e-9), colorStatistics(b, undefined, 1e-9));
}

/** Returns the picture on the straight way from one to another. */
function between(a: RgbImage, b: RgbImage, part: number): RgbImage {
  return { ...a, data: a.data.map((value, i) => value + part * ((b.data[i] ?? Number.NaN) - value)) };
}

/** Returns the deviation of green against red, of which the style has little. */
function greenOf({ data }: RgbImage): number {
  const values = Array.from({ length: pixels }, (_, i) => (data[pixels + i] ?? 0) - (data[i] ?? 0));
  const mean = values.reduce((sum, value) => sum + value, 0) / pixels;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels);
}

describe('the colours of a finished picture', () => {
  const painted = picture(3, [0.58, 0.52, 0.41], [0.37, 0.06, 0.12]);

  it('are those of its style, without colours that the style hardly has', () => {
    const finished = withColorsOfStyles({ picture: painted }, singleStyle(style));
    expect(distance(painted, style)).toBeGreaterThan(0.03);
    expect(distance(finished, style)).toBeLessThan(1 / 255);
    expect(greenOf(painted) / greenOf(style)).toBeGreaterThan(2.5);
    expect(greenOf(finished) / greenOf(style)).toBeLessThan(1.1);
  });

  it('are the mean of several styles', () => {
    const other = picture(4, [0.4, 0.5, 0.6], [0.2, 0.05, 0.02]);
    const styles = [
      { picture: style, weight: 0.75 },
      { picture: other, weight: 0.25 },
    ];
    const { mean, covariance } = colorStatistics(withColorsOfStyles({ picture: painted }, styles), undefined, 0);
    expect(mean[0]).toBeCloseTo(0.75 * 0.6 + 0.25 * 0.4, 2);
    const variances = [style, other].map((one) => colorStatistics(one, undefined, 0).covariance[1]?.[1] ?? 0);
    expect((covariance[1]?.[1] ?? 0) / (0.75 * (variances[0] ?? 0) + 0.25 * (variances[1] ?? 0))).toBeCloseTo(1, 1);
  });

  it('go as large a part of what is left of the way as painting brought them, and none where it brought them nowhere', () => {
    const nearly = withColorsOfStyles({ picture: painted }, singleStyle(style), { picture: content });
    expect(distance(nearly, style) / distance(painted, style)).toBeLessThan(0.15);
    const far = between(content, painted, 0.5);
    const done = 1 - distance(far, style) / distance(content, style);
    const finished = withColorsOfStyles({ picture: far }, singleStyle(style), { picture: content });
    expect(distance(finished, style) / distance(far, style)).toBeCloseTo(1 - done, 1);
    const untouched = withColorsOfStyles({ picture: content }, singleStyle(style), { picture: content });
    expect(untouched.data).toEqual(content.data);
  });

  it('are those of what a map counts, and nothing else changes', () => {
    const map = { ...size, data: Float32Array.from({ length: pixels }, (_, i) => (i % size.width < 24 ? 1 : 0)) };
    const besides = { ...painted, data: painted.data.map((value, i) => (i % size.width < 24 ? value : 0.9)) };
    const finished = withColorsOfStyles({ picture: besides, map }, singleStyle(style), { picture: content });
    expect(finished.data.every((value, i) => i % size.width < 24 || value === besides.data[i])).toBe(true);
    const [ofMap, ofStyle] = [colorStatistics(finished, map, 0), colorStatistics(style, undefined, 0)];
    expect(ofMap.mean[2]).toBeCloseTo(ofStyle.mean[2] ?? Number.NaN, 2);
    const none = { ...size, data: new Float32Array(pixels) };
    expect(withColorsOfStyles({ picture: painted, map: none }, singleStyle(style))).toEqual(painted);
  });
});
