import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { withKeptColors } from '../../../src/transfer/colors/content-colors.js';
import { singleStyle } from '../../../src/transfer/pictures.js';
import { draw, gradient, largestDifference, mean, mosaic, pixelAt } from '../../imaging/test-pictures.js';

const content = draw(40, 30, (x, y) => [0.5, 0.3 + 0.2 * (x / 39), 0.3 + 0.2 * (y / 29)]);
const styles = [
  { picture: draw(25, 25, (x, y) => [0.1, 0.1, 0.5 + 0.3 * Math.sin(x * y)]), weight: 0.25 },
  { picture: mosaic(50, 20), weight: 0.75 },
];

function keepingLuminance(picture: RgbImage) {
  return withKeptColors('luminance', { content: picture, styles });
}

function planeMean({ width, height, data }: RgbImage, channel: number): number {
  return mean(data.subarray(channel * width * height, (channel + 1) * width * height));
}

function deviation({ data }: RgbImage): number {
  const middle = mean(data);
  return Math.sqrt(mean(data.map((value) => (value - middle) ** 2)));
}

describe('where only luminance is transferred', () => {
  it('a picture keeps its light and dark, and what is grey becomes the colour of the content', () => {
    const grey = draw(40, 30, (x) => [0.4 + 0.2 * (x % 2), 0.4 + 0.2 * (x % 2), 0.4 + 0.2 * (x % 2)]);
    const restored = keepingLuminance(content).restore(grey);
    for (const [x, y] of [
      [0, 0],
      [7, 29],
      [39, 12],
    ] as const) {
      const [red = 0, green = 0, blue = 0] = pixelAt(restored, x, y);
      const [contentRed = 0, contentGreen = 0, contentBlue = 0] = pixelAt(content, x, y);
      expect(0.299 * red + 0.587 * green + 0.114 * blue).toBeCloseTo(pixelAt(grey, x, y)[0] ?? 0, 5);
      expect(red - green).toBeCloseTo(contentRed - contentGreen, 5);
      expect(blue - green).toBeCloseTo(contentBlue - contentGreen, 5);
    }
  });

  it('nothing changes in the content, be it in its colours or as grey as it is painted', () => {
    const { pictures, restore } = keepingLuminance(content);
    expect(largestDifference(restore(content), content)).toBeLessThan(1e-6);
    expect(largestDifference(restore(pictures.content), content)).toBeLessThan(1e-6);
  });

  it('pictures may have any size, one after the other', () => {
    const { restore } = keepingLuminance(content);
    for (const [width, height] of [
      [20, 15],
      [80, 60],
      [20, 15],
    ] as const) {
      const restored = restore(draw(width, height, () => [0.4, 0.4, 0.4]));
      const [left = 0, right = 0] = [pixelAt(restored, 1, 5)[1], pixelAt(restored, width - 2, 5)[1]];
      expect([restored.width, restored.height]).toEqual([width, height]);
      expect(right).toBeGreaterThan(left + 0.05);
    }
  });

  it('colours stay within [0, 1]', () => {
    const restored = keepingLuminance(mosaic(40, 30)).restore(gradient(40, 30));
    for (const value of restored.data) expect(value >= 0 && value <= 1).toBe(true);
  });

  it("styles are grey, with the content's mean and deviation, and count as before", () => {
    const { pictures } = keepingLuminance(content);
    expect(pictures.styles.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
    for (const { picture } of pictures.styles) {
      expect(planeMean(picture, 0)).toBe(planeMean(picture, 2));
      expect(mean(picture.data)).toBeCloseTo(mean(pictures.content.data), 4);
      expect(deviation(picture)).toBeCloseTo(deviation(pictures.content), 4);
    }
  });

  it('a flat style has the light of the content', () => {
    const flat = singleStyle(draw(9, 9, () => [0.9, 0.9, 0.9]));
    const { pictures } = withKeptColors('luminance', { content, styles: flat });
    for (const value of pictures.styles[0]?.picture.data ?? []) {
      expect(value).toBeCloseTo(mean(pictures.content.data), 5);
    }
  });
});

describe('where colours are matched', () => {
  it("styles have the content's, and content and results stay what they are", () => {
    const { pictures, restore } = withKeptColors('match', { content, styles });
    expect(pictures.content).toBe(content);
    expect(restore(content)).toBe(content);
    for (const { picture } of pictures.styles) {
      for (const channel of [0, 1, 2]) {
        expect(planeMean(picture, channel)).toBeCloseTo(planeMean(content, channel), 2);
      }
    }
  });
});
