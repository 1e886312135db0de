import { type Cell, voronoi } from '../cells.js';
import { mix, ramp, rgb, smoothStep } from '../colour.js';
import { type Drawing, field, lit, picture } from '../field.js';
import { fractalNoise, warp } from '../noise.js';

/**
 * A straight line through the colours. A transfer begins with the content in the style's mean and covariance: the further the
 * style's colours spread in a second direction, the more of the warm ones of skin and clothes stay.
 */
const ice = ramp('#002966', '#c8ecff');

/** Ice over cold skin: shards between jagged dark cracks that are rimmed with frost, flat facets within them. */
export const whiteWalker: Drawing = (size) => {
  const coarseWarp = warp(11, 9, 0.012, 5);
  const fineWarp = warp(12, 9, 0.008, 4);
  const plates = voronoi(13, 5, 1);
  const facets = voronoi(14, 11, 1);
  const frost = fractalNoise(15, 5);
  const depth = fractalNoise(16, 2);
  const plateOf = (x: number, y: number) => {
    const point = coarseWarp(x, y);
    return plates(point.x, point.y);
  };
  const facetOf = (x: number, y: number) => {
    const point = fineWarp(x, y);
    return facets(point.x, point.y);
  };
  const height = field(size, (x, y) => {
    const plate = plateOf(x, y);
    const facet = facetOf(x, y);
    const flat = 0.75 * facet.random[2] * towards(facet.random[0], facet) + 0.3 * towards(plate.random[0], plate);
    return flat + 0.006 * smoothStep(0, 0.014, plate.border);
  });
  const { diffuse, halfway } = lit(height);
  return picture(size, (x, y, pixel) => {
    const plate = plateOf(x, y);
    const facet = facetOf(x, y);
    const clouds = frost(x * 6, y * 6);
    let tone = -0.2 + (diffuse[pixel] ?? 0) + 0.1 * clouds + 0.25 * depth(x * 3, y * 3);
    // Light falls through a shard from one of its sides.
    tone += 2.2 * towards(plate.random[1], plate) + 0.2 * (halfway[pixel] ?? 0) ** 24;
    // A frosted rim beside each crack, thin veins between the facets.
    const rim = Math.exp(-(((plate.border - 0.0075) / 0.0035) ** 2));
    tone += (0.5 + 0.5 * clouds) * rim + 0.3 * smoothStep(0.0035, 0.0008, facet.border);
    const crack = smoothStep(0.0052, 0.0022, plate.border * (1 + 0.6 * clouds));
    return mix(ice(tone), rgb('#001233'), 0.95 * crack);
  });
};

/** How far a point lies from its cell's centre in a direction, which is a share of a full turn. */
function towards(turn: number, { dx, dy }: Cell): number {
  return Math.cos(2 * Math.PI * turn) * dx + Math.sin(2 * Math.PI * turn) * dy;
}
