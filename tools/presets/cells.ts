import { uniformNumbers } from '../../src/random-numbers.js';

/** The cell of a Voronoi diagram that a point lies in; lengths are fractions of the picture's side. */
export interface Cell {
  /** Horizontal offset of the point from the cell's centre; `dy` is the vertical one. */
  readonly dx: number;
  readonly dy: number;
  /** Distance from the point to the nearest border of the cell. */
  readonly border: number;
  /** Number of the cell; `neighbour` is that of the cell beyond the nearest border. */
  readonly index: number;
  readonly neighbour: number;
  /** Random numbers in [0, 1), which all points of the cell share. */
  readonly random: readonly [number, number, number];
}

/** Number of columns and rows of cells beyond the picture's edges, so that points may be moved across the edges. */
const margin = 4;

/**
 * Makes a Voronoi diagram (Worley, "A Cellular Texture Basis Function", SIGGRAPH 1996) with about `across` × `across`
 * cells in the unit square, and returns a function that finds the cell of a point.
 * @param jitter - how far centres may lie from those of a square grid: 0 not at all, 1 anywhere in their squares.
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
        // The border is the line half-way between the two centres (Quilez, "Voronoi borders").
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
