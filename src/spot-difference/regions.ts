import { boxMean, type Plane } from '../imaging/plane.js';

/** A rectangle in which two aligned pictures differ, in their pixels. */
export interface DifferingRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Number of pixels in the rectangle that differ. */
  readonly area: number;
  /** Mean colour difference of the pixels that differ, CIE94. */
  readonly difference: number;
}

/** Result of {@link differingRegions}. */
export interface RegionsFound {
  /** The differing regions, from the most conspicuous to the least. */
  readonly regions: readonly DifferingRegion[];
  /** The share of all pixels that differ visibly, noise included; in [0, 1]. */
  readonly share: number;
}

/** Smallest threshold, CIE94: nobody sees a smaller difference at a glance, however clean the pictures are. */
const leastThreshold = 4;

/** How many times as large as the noise around it a difference must be to count. */
const aboveNoise = 4;

/** Largest threshold, CIE94: a difference above it is no noise, however much of the pictures differs. */
const largestThreshold = 14;

/** Share of the threshold that differences reach everywhere in a region; somewhere they reach all of it. */
const edge = 0.5;

/** Distance up to which parts are one region, as a share of the longer side: something moved leaves two parts. */
const closeness = 0.025;

/** Pixels that a region must have above its threshold, as a share of the picture and as a number; noise has a few. */
const leastArea = { share: 0.0001, pixels: 9 };

/**
 * Finds the regions of a difference map: connected parts that reach a threshold somewhere and half of it everywhere.
 * Parts that are close together are one region. The threshold is what a person sees at a glance, or more where noise is
 * that strong.
 * @param noise - the noise at each pixel, from `noiseLevel`.
 */
export function differingRegions(map: Plane, noise: Plane): RegionsFound {
  const { width, height, data } = map;
  /** The difference of each pixel in units of its threshold. */
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

  // Grown by half of the distance that still counts as close, parts that belong together touch.
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

/** Sorts regions as people read a picture of that height: in rows from the top, each from the left. */
export function inReadingOrder(regions: readonly DifferingRegion[], height: number): DifferingRegion[] {
  const row = ({ top, height: own }: DifferingRegion) => Math.floor((6 * (top + own / 2)) / height);
  const middle = ({ left, width }: DifferingRegion) => left + width / 2;
  return regions.toSorted((a, b) => row(a) - row(b) || middle(a) - middle(b));
}

/** Finds the sets of pixels, by index, that are not 0 and hang together by sides or corners. */
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
