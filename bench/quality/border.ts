import type { RgbImage } from '../../src/imaging/rgb-image.js';

/** How the outermost pixels differ from those beside them. */
export interface BorderStatistics {
  /**
   * How much brighter they are, averaged over channels and sides: from −1 to 1. What a picture shows at its border is in it, too,
   * and cancels only over several pictures, or against another painting of the same.
   */
  readonly shift: number;
  /** How many times as large the deviation in the border is, the geometric mean over channels and sides. */
  readonly deviationRatio: number;
}

/** How deep the border is, and how deep what it is compared with, in pixels. */
const depth = 4;

/** Keeps flat borders from dividing by nothing: half a step of 255. */
const smallestDeviation = 0.5 / 255;

/** Compares strips along the four sides with the strips next to them: a transfer that lets the networks' zeros in shows here. */
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
