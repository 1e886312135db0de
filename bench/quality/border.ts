import type { RgbImage } from '../../src/imaging/rgb-image.js';

/** How the outermost pixels of a picture differ from those next to them. */
export interface BorderStatistics {
  /**
   * How much brighter the border is, averaged over channels and sides, from −1 to 1. The picture's content at the
   * border counts, too; it cancels only over several pictures, or against another painting of the same picture.
   */
  readonly shift: number;
  /** Ratio of the standard deviation in the border to that next to it, as geometric mean over channels and sides. */
  readonly deviationRatio: number;
}

/** Depth of the border, and of the strip that it is compared with, in pixels. */
const depth = 4;

/** Amount added to deviations so that flat borders don't divide by zero: half a step of 255. */
const smallestDeviation = 0.5 / 255;

/** Compares the outermost strips of a picture with the next ones, where networks' padding shows if it leaks in. */
export function borderStatistics(image: RgbImage): BorderStatistics {
  const { width, height } = image;
  const strips = [
    [0, 0, width, depth, 0, 1],
    [0, height - depth, width, depth, 0, -1],
    [0, 0, depth, height, 1, 0],
    [width - depth, 0, depth, height, -1, 0],
  ] as const;
  let [shift, logarithm] = [0, 0];
  for (const [left, top, stripWidth, stripHeight, inwardX, inwardY] of strips) {
    for (let channel = 0; channel < 3; channel++) {
      const size = { channel, width: stripWidth, height: stripHeight };
      const outer = statistics(image, { ...size, left, top });
      const inner = statistics(image, { ...size, left: left + depth * inwardX, top: top + depth * inwardY });
      shift += (outer.mean - inner.mean) / 12;
      logarithm += Math.log((outer.deviation + smallestDeviation) / (inner.deviation + smallestDeviation)) / 12;
    }
  }
  return { shift, deviationRatio: Math.exp(logarithm) };
}

interface Strip {
  readonly channel: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function statistics(image: RgbImage, { channel, left, top, width, height }: Strip) {
  let [sum, squares] = [0, 0];
  for (let y = top; y < top + height; y++) {
    const row = (channel * image.height + y) * image.width;
    for (let x = left; x < left + width; x++) {
      const value = image.data[row + x] as number;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / (width * height);
  return { mean, deviation: Math.sqrt(Math.max(0, squares / (width * height) - mean * mean)) };
}
