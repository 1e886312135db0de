import { boxMean, type Plane } from './plane.js';

/** A part of the pictures that differs; in their pixels. */
export interface DifferingRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** How many pixels differ. */
  readonly area: number;
  /** The mean colour difference of these pixels, CIE94. */
  readonly difference: number;
}

/** What {@link differingRegions} found. */
export interface RegionsFound {
  /** From the most conspicuous to the least. */
  readonly regions: readonly DifferingRegion[];
  /** The share of all pixels that differ visibly, noise included; in [0, 1]. */
  readonly share: number;
}

/** Nobody sees less than that at a glance, however clean the pictures are; CIE94. */
const leastThreshold = 4;

/** How many times as large as the noise of its surroundings a difference must be. */
const aboveNoise = 4;

/** What differs by so much is no noise, however much of the pictures does. */
const largestThreshold = 14;

/** A region goes on, from where it is seen, to where its difference has fallen to this share of the threshold. */
const edge = 0.5;

/** Of the longer side: what is as close as this belongs together, as the old and the new place of something moved do. */
const closeness = 0.025;

/** How much of a region must reach the threshold: of all pixels, and in pixels. Noise does in a few. */
const leastArea = { share: 0.0001, pixels: 9 };

/**
 * Finds the regions of a difference map: connected parts that reach a threshold somewhere and half of it everywhere; those
 * close together are one. The threshold is what a person sees at a glance, or more where noise is that strong.
 *
 * @param noise - for each pixel, see `noiseLevel`.
 */
export function differingRegions(map: Plane, noise: Plane): RegionsFound {
  const { width, height, data } = map;
  /** Each difference in units of its threshold. */
  const relative = data.map((value, i) => {
    const threshold = Math.max(leastThreshold, aboveNoise * (noise.data[i] as number));
    return value / Math.min(threshold, largestThreshold);
  });
  const isStrong = (pixel: number) => (relative[pixel] ?? 0) > 1;
  const weak = relative.map((value) => (value > edge ? 1 : 0));
  const seen = new Float32Array(width * height);
  for (const part of connected({ width, height, data: weak })) {
    if (!part.some(isStrong)) continue;
    for (const i of part) seen[i] = 1;
  }

  // Grown by half of the distance that is still close, parts that belong together touch.
  const reach = Math.round((closeness * Math.max(width, height)) / 2);
  const grown = boxMean({ width, height, data: seen }, reach).data.map((value) => (value > 1e-6 ? 1 : 0));
  const smallest = Math.max(leastArea.pixels, leastArea.share * width * height);
  const regions = connected({ width, height, data: grown })
    .map((pixels) => pixels.filter((i) => seen[i] === 1))
    .filter((pixels) => pixels.filter(isStrong).length >= smallest)
    .map((pixels) => regionOf(map, pixels))
    .toSorted((a, b) => b.area * b.difference - a.area * a.difference);
  return { regions, share: data.filter((value) => value > leastThreshold).length / data.length };
}

/** In the order in which people read: in rows from the top, each from the left. */
export function inReadingOrder(regions: readonly DifferingRegion[], height: number): DifferingRegion[] {
  const row = ({ top, height: own }: DifferingRegion) => Math.floor((6 * (top + own / 2)) / height);
  const middle = ({ left, width }: DifferingRegion) => left + width / 2;
  return regions.toSorted((a, b) => row(a) - row(b) || middle(a) - middle(b));
}

/** The sets of pixels that are not 0 and hang together by sides or corners. */
function connected({ width, height, data }: Plane): number[][] {
  const visited = new Uint8Array(width * height);
  const sets: number[][] = [];
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0 || visited[start] === 1) continue;
    visited[start] = 1;
    const pixels = [start];
    // The loop goes on to the pixels that are added within it.
    for (const pixel of pixels) {
      const x = pixel % width;
      const y = (pixel - x) / width;
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const neighbour = row * width + column;
          if (data[neighbour] === 0 || visited[neighbour] === 1) continue;
          visited[neighbour] = 1;
          pixels.push(neighbour);
        }
      }
    }
    sets.push(pixels);
  }
  return sets;
}

function regionOf({ width, data }: Plane, pixels: readonly number[]): DifferingRegion {
  let [left, right, top, bottom, sum] = [Number.POSITIVE_INFINITY, -1, Number.POSITIVE_INFINITY, -1, 0];
  for (const pixel of pixels) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    sum += data[pixel] as number;
  }
  return {
    left,
    top,
    width: right - left + 1,
    height: bottom - top + 1,
    area: pixels.length,
    difference: sum / pixels.length,
  };
}
