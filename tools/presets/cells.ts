import { uniformNumbers } from '../../src/random-numbers.js';

/** The cell of a Voronoi diagram that a point lies in; lengths are fractions of the picture's side. */
export interface Cell {
  /** Offset of the point from the cell's centre. */
  readonly dx: number;
  readonly dy: number;
  /** Distance to the nearest border. */
  readonly border: number;
  /** Which cell it is, and which one lies beyond the nearest border. */
  readonly index: number;
  readonly neighbour: number;
  /** The cell's own random numbers in [0, 1). */
  readonly random: readonly [number, number, number];
}

/** Columns and rows of cells beyond the picture's edges, so that points may be moved across them. */
const margin = 4;

/**
 * A Voronoi diagram (Worley, "A Cellular Texture Basis Function", SIGGRAPH 1996) with about `across` × `across` cells in
 * the unit square, as a function that finds the cell of a point.
 * @param jitter - how far centres lie from a square grid: 0 not at all, 1 anywhere in its squares.
 */
export function voronoi(seed: number, across: number, jitter = 0.9): (x: number, y: number) => Cell {
  const random = uniformNumbers(seed);
  const side = Math.ceil(across) + 2 * margin;
  const centresX = new Float64Array(side * side);
  const centresY = new Float64Array(side * side);
  const randoms: [number, number, number][] = [];
  for (let index = 0; index < side * side; index++) {
    centresX[index] = (index % side) + 0.5 + jitter * (random() - 0.5);
    centresY[index] = Math.floor(index / side) + 0.5 + jitter * (random() - 0.5);
    randoms.push([random(), random(), random()]);
  }
  const last = side - 3;
  return (x, y) => {
    const px = x * across + margin;
    const py = y * across + margin;
    const column = Math.min(Math.max(Math.floor(px), 2), last);
    const row = Math.min(Math.max(Math.floor(py), 2), last);
    let index = 0;
    let nearest = Number.POSITIVE_INFINITY;
    for (let r = row - 1; r <= row + 1; r++) {
      for (let candidate = r * side + column - 1; candidate <= r * side + column + 1; candidate++) {
        const squared = ((centresX[candidate] as number) - px) ** 2 + ((centresY[candidate] as number) - py) ** 2;
        if (squared < nearest) {
          nearest = squared;
          index = candidate;
        }
      }
    }
    const cx = centresX[index] as number;
    const cy = centresY[index] as number;
    let border = Number.POSITIVE_INFINITY;
    let neighbour = index;
    for (let r = row - 2; r <= row + 2; r++) {
      for (let candidate = r * side + column - 2; candidate <= r * side + column + 2; candidate++) {
        if (candidate === index) continue;
        const ox = centresX[candidate] as number;
        const oy = centresY[candidate] as number;
        // Distance to the line half-way between the two centres (Quilez, "Voronoi borders").
        const length = Math.hypot(ox - cx, oy - cy);
        const distance = (((cx + ox) / 2 - px) * (ox - cx) + ((cy + oy) / 2 - py) * (oy - cy)) / length;
        if (distance < border) {
          border = distance;
          neighbour = candidate;
        }
      }
    }
    const own = randoms[index] ?? [0, 0, 0];
    return { dx: (px - cx) / across, dy: (py - cy) / across, border: border / across, index, neighbour, random: own };
  };
}
