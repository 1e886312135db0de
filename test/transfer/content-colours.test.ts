import { describe, expect, it } from 'vitest';
import { ContentColours } from '../../src/transfer/content-colours.js';
import { draw, gradient, largestDifference, mean, mosaic, pixelAt } from '../imaging/test-pictures.js';

describe("the content's colours", () => {
  const content = draw(40, 30, (x, y) => [0.5, 0.3 + 0.2 * (x / 39), 0.3 + 0.2 * (y / 29)]);

  it('leave a picture its light and dark, and what is grey becomes the colour of the content', () => {
    const grey = draw(40, 30, (x) => [0.4 + 0.2 * (x % 2), 0.4 + 0.2 * (x % 2), 0.4 + 0.2 * (x % 2)]);
    const restored = new ContentColours(content).restore(grey);
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

  it('change nothing in the content itself', () => {
    expect(largestDifference(new ContentColours(content).restore(content), content)).toBeLessThan(1e-6);
  });

  it('fit pictures of any size, one after the other', () => {
    const colours = new ContentColours(content);
    for (const [width, height] of [
      [20, 15],
      [80, 60],
      [20, 15],
    ] as const) {
      const restored = colours.restore(draw(width, height, () => [0.4, 0.4, 0.4]));
      const [left = 0, right = 0] = [pixelAt(restored, 1, 5)[1], pixelAt(restored, width - 2, 5)[1]];
      expect([restored.width, restored.height]).toEqual([width, height]);
      expect(right).toBeGreaterThan(left + 0.05);
    }
  });

  it('stay within [0, 1]', () => {
    const restored = new ContentColours(mosaic(40, 30)).restore(gradient(40, 30));
    for (const value of restored.data) expect(value >= 0 && value <= 1).toBe(true);
  });

  it('are those of the style that the transfer is made with', () => {
    const style = new ContentColours(content).style(draw(25, 25, (x, y) => [0.1, 0.1, 0.5 + 0.3 * Math.sin(x * y)]));
    const area = 25 * 25;
    for (const channel of [0, 1, 2]) {
      const planeMean = mean(style.data.subarray(channel * area, (channel + 1) * area));
      expect(planeMean).toBeCloseTo(mean(content.data.subarray(channel * 1200, (channel + 1) * 1200)), 2);
    }
  });
});
