import type { DifferingRegion } from '../../src/spot-difference/regions.js';
import type { PlantedPair } from './planted-pair.js';

/** How many of the planted differences were found. */
export interface Score {
  readonly planted: number;
  readonly found: number;
  /** Number of regions that are no difference, or a second one for the same difference. */
  readonly wrong: number;
  readonly missed: readonly string[];
}

/**
 * Compares regions with the differences that were planted. Each region can find one difference, the one of which it has
 * the largest share, at least a tenth; each difference can be found once. So two differences that are circled as one
 * count as one found and one missed.
 *
 * @param shift - the shift by which the pair was aligned, and cut.
 */
export function score(
  { planted, second }: PlantedPair,
  regions: readonly DifferingRegion[],
  { shiftX, shiftY }: { readonly shiftX: number; readonly shiftY: number },
): Score {
  // The second picture's pixel (0, 0), in the coordinates of the regions.
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
