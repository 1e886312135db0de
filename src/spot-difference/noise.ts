import { boxMean, channels, type Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';

/** Radius, in pixels, in which busyness is measured: JPEG spreads its noise over blocks of 8 pixels. */
const blockRadius = 4;

/** Number of groups that pixels are sorted into by how busy the pictures are around them. */
const groups = 12;

/**
 * Estimates how much two aligned pictures differ at each pixel by noise alone, from all pixels where they are as busy.
 * JPEG's noise, and what is left of a misalignment, grow with detail and contrast, so busy parts can't be held to what
 * is seen in the sky.
 * @param map - the pictures' difference map, in whose unit the noise is.
 */
export function noiseLevel(map: Plane, first: RgbImage, second: RgbImage): Plane {
  const [one, other] = [busyness(first), busyness(second)];
  // Where only one picture is busy, something was added or taken away, so the calmer one counts.
  const busy = one.map((value, i) => Math.min(value, other[i] as number));
  const order = busy.toSorted();
  const limits = Array.from({ length: groups }, (_, group) => order[Math.floor((group * order.length) / groups)] ?? 0);
  const members: number[][] = limits.map(() => []);
  const group = new Uint8Array(busy.length).map((_, i) =>
    limits.findLastIndex((limit) => limit <= (busy[i] as number)),
  );
  for (let i = 0; i < group.length; i++) members[group[i] as number]?.push(map.data[i] as number);
  let level = 0;
  const levels = members.map((differences) => {
    // The noise of a group is never less than that of a calmer group.
    level = Math.max(level, usual(differences));
    return level;
  });
  return { ...map, data: busy.map((_, i) => levels[group[i] as number] ?? level) };
}

/** The local standard deviation of a picture's colours. */
function busyness(picture: RgbImage): Float32Array {
  const { width, height } = picture;
  const squares = new Float32Array(width * height);
  const squareOfMeans = new Float32Array(width * height);
  for (const channel of channels(picture)) {
    const mean = boxMean(channel, blockRadius).data;
    for (let i = 0; i < squares.length; i++) {
      squares[i] = (squares[i] as number) + (channel.data[i] as number) ** 2;
      squareOfMeans[i] = (squareOfMeans[i] as number) + (mean[i] as number) ** 2;
    }
  }
  const meanOfSquares = boxMean({ width, height, data: squares }, blockRadius).data;
  return meanOfSquares.map((value, i) => Math.sqrt(Math.max(0, value - (squareOfMeans[i] as number))));
}

/**
 * The noise of a group by the differences of its pixels. JPEG's noise is nothing in most blocks and much in some, so
 * the upper quartile tells more than the median. But where a fourth of the group or more really differs, the quartile
 * is no noise: then the median holds it down.
 */
function usual(differences: readonly number[]): number {
  const sorted = Float32Array.from(differences).sort();
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;
  return Math.min(at(0.75), 3 * at(0.5));
}
