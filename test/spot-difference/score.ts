import type { DifferingRegion } from '../../src/spot-difference/regions.js';
import type { PlantedPair } from './planted-pair.js';

/** How well differences were found. */
export interface Score {
  readonly planted: number;
  readonly found: number;
  /** Regions that are no difference, or the second one for a difference. */
  readonly wrong: number;
  readonly missed: readonly string[];
}

/**
 * Holds regions against what was planted. Each region can find one difference and each difference be found once: the one
 * that they share most pixels with, at least a tenth of the difference's. So two differences circled as one are one missed.
 *
 * @param shift - by which the pair was aligned, and cut.
 */
export function score(
  { planted, second }: PlantedPair,
  regions: readonly DifferingRegion[],
  { shiftX, shiftY }: { readonly shiftX: number; readonly shiftY: number },
): Score {
  // Where the second picture's pixel (0, 0) is in the coordinates of the regions.
  const offset = { x: shiftX - Math.max(0, Math.ceil(shiftX)), y: shiftY - Math.max(0, Math.ceil(shiftY)) };
  const found = new Set<number>();
  let wrong = 0;
  for (const region of regions) {
    const shares = planted.map(({ mask }) => shareInside(mask, second.width, region, offset));
    const best = shares.indexOf(Math.max(...shares));
    if ((shares[best] ?? 0) >= 0.1 && !found.has(best)) found.add(best);
    else wrong++;
  }
  const missed = planted.flatMap(({ kind, x, y }, index) =>
    found.has(index) ? [] : [`${kind} at (${Math.round(x)}, ${Math.round(y)})`],
  );
  return { planted: planted.length, found: found.size, wrong, missed };
}

function shareInside(
  mask: Uint8Array,
  width: number,
  region: DifferingRegion,
  offset: { readonly x: number; readonly y: number },
): number {
  let [inside, all] = [0, 0];
  for (const [i, value] of mask.entries()) {
    if (value === 0) continue;
    all++;
    const x = (i % width) + offset.x - region.left;
    const y = Math.floor(i / width) + offset.y - region.top;
    if (x >= 0 && x < region.width && y >= 0 && y < region.height) inside++;
  }
  return all > 0 ? inside / all : 0;
}
