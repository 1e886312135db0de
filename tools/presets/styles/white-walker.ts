import { type Cell, voronoi } from '../cells.js';
import { mix, ramp, rgb, smoothStep } from '../color.js';
import { type Drawing, picture } from '../field.js';
import { fractalNoise, warp } from '../noise.js';

/**
 * Colours on a straight line from deep to pale blue, which bends to white only at its end. A transfer begins with the
 * content in the style's mean and covariance: the bluer the mean and the less red varies, the colder warm skin and
 * clothes come out.
 */
const ice = ramp('#000a3c', '#0e3d6a', '#3a6f99', '#66a2c7', '#92d5f5', '#e4f8ff');

/** Ice with light in it: smooth facets from deep blue to pale, thin cracks in glowing frost, faint hairlines. */
export const whiteWalker: Drawing = (size) => {
  const coarseWarp = warp(11, 7, 0.02, 5);
  const fineWarp = warp(12, 9, 0.014, 5);
  const plates = voronoi(13, 4, 1);
  const facets = voronoi(14, 10, 1);
  const chips = voronoi(17, 22, 1);
  const frost = fractalNoise(15, 6);
  const depth = fractalNoise(16, 2);
  const fractured = fractalNoise(18, 2);
  return picture(size, (x, y) => {
    const coarse = coarseWarp(x, y);
    const fine = fineWarp(x, y);
    const plate = plates(coarse.x, coarse.y);
    const facet = facets(fine.x, fine.y);
    const chip = chips(fine.x, fine.y);
    const clouds = frost(x * 6, y * 6);
    let tone = 0.36 + 0.35 * depth(x * 3, y * 3) + 0.34 * clouds;
    // A plate is lit from any side, its facets from below: where dark ends meet pale ones, edges show without a line.
    tone += 2 * towards(plate.random[0], plate) + 0.2 * (plate.random[1] - 0.5);
    tone += 4 * towards(0.12 + 0.26 * facet.random[0], facet) + 0.2 * (facet.random[1] - 0.5);
    // Facets without frosted borders are crazed by finer lines, soft ones: hard lines would become ink around eyes.
    const bordered = smoothStep(-0.25, 0.25, fractured(x * 5, y * 5));
    tone += 0.26 * bordered * Math.exp(-facet.border / 0.004);
    tone += 0.1 * (1 - bordered) * smoothStep(0.003, 0.0008, chip.border);
    tone += 0.15 * Math.exp(-plate.border / 0.02);
    tone += (0.2 + 0.5 * clouds) * Math.exp(-(((plate.border - 0.006) / 0.006) ** 2));
    const crack = smoothStep(0.0032, 0.001, plate.border * (1 + 0.8 * clouds));
    return mix(ice(tone), rgb('#00184a'), 0.6 * crack);
  });
};

/** How far a point lies from its cell's centre in a direction, which is a share of a full turn. */
function towards(turn: number, { dx, dy }: Cell): number {
  return Math.cos(2 * Math.PI * turn) * dx + Math.sin(2 * Math.PI * turn) * dy;
}
