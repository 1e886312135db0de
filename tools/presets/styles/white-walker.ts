import { type Cell, voronoi } from '../cells.js';
import { mix, ramp, rgb, smoothStep } from '../colour.js';
import { type Drawing, picture } from '../field.js';
import { fractalNoise, warp } from '../noise.js';

/**
 * A straight line through the colours. A transfer begins with the content in the style's mean and covariance: the further a
 * style's colours spread in a second direction, the more of the warm ones of skin and clothes stay.
 */
const ice = ramp('#00205c', '#cdefff');

/** Ice that light falls through: facets that each shade from deep blue to nearly white, hairlines between them, frosted cracks. */
export const whiteWalker: Drawing = (size) => {
  const coarseWarp = warp(11, 7, 0.016, 5);
  const fineWarp = warp(12, 9, 0.008, 4);
  const plates = voronoi(13, 4, 1);
  const facets = voronoi(14, 10, 1);
  const chips = voronoi(17, 23, 1);
  const frost = fractalNoise(15, 5);
  const depth = fractalNoise(16, 2);
  return picture(size, (x, y) => {
    const coarse = coarseWarp(x, y);
    const fine = fineWarp(x, y);
    const plate = plates(coarse.x, coarse.y);
    const facet = facets(fine.x, fine.y);
    const chip = chips(fine.x, fine.y);
    const clouds = frost(x * 7, y * 7);
    let tone = 0.36 + 0.3 * depth(x * 2.5, y * 2.5) + 0.08 * clouds;
    // Each piece is lit from a side of its own, and darkens away from it.
    tone += 1.1 * towards(plate.random[0], plate) + 0.2 * (plate.random[1] - 0.5);
    tone += 3.4 * towards(0.1 + 0.3 * facet.random[0], facet) + 0.34 * (facet.random[1] - 0.5);
    tone += 3 * towards(chip.random[0], chip) + 0.14 * (chip.random[1] - 0.5);
    // Light gathers in the frost along the cracks.
    tone += (0.22 + 0.3 * clouds) * Math.exp(-plate.border / 0.018);
    tone += 0.34 * smoothStep(0.004, 0.001, facet.border) + 0.14 * smoothStep(0.003, 0.0008, chip.border);
    tone += (0.55 + 0.5 * clouds) * Math.exp(-(((plate.border - 0.005) / 0.0022) ** 2));
    const crack = smoothStep(0.0032, 0.0012, plate.border * (1 + 0.6 * clouds));
    return mix(ice(tone), rgb('#00184a'), 0.9 * crack);
  });
};

/** How far a point lies from its cell's centre in a direction, which is a share of a full turn. */
function towards(turn: number, { dx, dy }: Cell): number {
  return Math.cos(2 * Math.PI * turn) * dx + Math.sin(2 * Math.PI * turn) * dy;
}
