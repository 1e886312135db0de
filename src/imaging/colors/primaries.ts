/** The x and y of a colour in the CIE 1931 diagram. */
export type Chromaticity = readonly [x: number, y: number];

/** The colours that a picture's red, green and blue stand for, and its white. */
export interface Primaries {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
}

/** A 3×3 matrix, row by row. */
export type Matrix = readonly [Vector, Vector, Vector];
export type Vector = readonly [number, number, number];

const d65: Chromaticity = [0.3127, 0.329];
const illuminantC: Chromaticity = [0.31, 0.316];

export function primaries(
  red: Chromaticity,
  green: Chromaticity,
  blue: Chromaticity,
  white: Chromaticity = d65,
): Primaries {
  return { red, green, blue, white };
}

export const srgbPrimaries = primaries([0.64, 0.33], [0.3, 0.6], [0.15, 0.06]);
export const ntsc1953 = primaries([0.67, 0.33], [0.21, 0.71], [0.14, 0.08], illuminantC);
export const pal = primaries([0.64, 0.33], [0.29, 0.6], [0.15, 0.06]);
export const smpteC = primaries([0.63, 0.34], [0.31, 0.595], [0.155, 0.07]);
export const film = primaries([0.681, 0.319], [0.243, 0.692], [0.145, 0.049], illuminantC);
export const bt2020 = primaries([0.708, 0.292], [0.17, 0.797], [0.131, 0.046]);
export const xyz = primaries([1, 0], [0, 1], [0, 0], [1 / 3, 1 / 3]);
export const dciP3 = primaries([0.68, 0.32], [0.265, 0.69], [0.15, 0.06], [0.314, 0.351]);
export const displayP3 = primaries([0.68, 0.32], [0.265, 0.69], [0.15, 0.06]);
export const ebu3213 = primaries([0.63, 0.34], [0.295, 0.605], [0.155, 0.077]);

/**
 * Computes the matrix from linear RGB in these primaries to linear RGB in those of sRGB. White stays white: colours
 * are adapted to the other white as Bradford's cones see them.
 * @returns the matrix; undefined where the primaries lie on a line or have no white, as in a damaged file.
 */
export function matrixToSrgb(from: Primaries): Matrix | undefined {
  const source = toXyz(from);
  const target = toXyz(srgbPrimaries);
  const back = target && inverse(target);
  if (source === undefined || back === undefined) return undefined;
  return product(back, product(adaptation(from.white, srgbPrimaries.white), source));
}

/** The luminances of red, green and blue, which add up to 1; undefined as with {@link matrixToSrgb}. */
export function luminances(of: Primaries): Vector | undefined {
  return toXyz(of)?.[1];
}

/** Computes the matrix from linear RGB to XYZ in which white has the luminance 1. */
function toXyz({ red, green, blue, white }: Primaries): Matrix | undefined {
  // The columns are the primaries' colours, which are scaled so that they add up to white.
  const columns = transposed([directionOf(red), directionOf(green), directionOf(blue)]);
  const columnsBack = inverse(columns);
  if (columnsBack === undefined || white[1] === 0) return undefined;
  const shares = times(columnsBack, whiteXyz(white));
  return transposed(mapped(transposed(columns), (column, i) => scaled(column, shares[i] ?? 0)));
}

function directionOf([x, y]: Chromaticity): Vector {
  return [x, y, 1 - x - y];
}

function whiteXyz(white: Chromaticity): Vector {
  return scaled(directionOf(white), 1 / white[1]);
}

const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

const identity: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

function adaptation(from: Chromaticity, to: Chromaticity): Matrix {
  const seen = times(bradford, whiteXyz(from));
  const wanted = times(bradford, whiteXyz(to));
  const gains = mapped(identity, (row, i) => scaled(row, (wanted[i] ?? 1) / (seen[i] ?? 1)));
  return product(inverse(bradford) ?? identity, product(gains, bradford));
}

/** Multiplies a matrix by a vector. */
export function times([first, second, third]: Matrix, vector: Vector): Vector {
  return [dot(first, vector), dot(second, vector), dot(third, vector)];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function scaled(vector: Vector, factor: number): Vector {
  return [vector[0] * factor, vector[1] * factor, vector[2] * factor];
}

function mapped(matrix: Matrix, change: (row: Vector, index: number) => Vector): Matrix {
  return [change(matrix[0], 0), change(matrix[1], 1), change(matrix[2], 2)];
}

function transposed([a, b, c]: Matrix): Matrix {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

function product(a: Matrix, b: Matrix): Matrix {
  const columns = transposed(b);
  return mapped(a, (row) => times(columns, row));
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Computes the inverse of a matrix, or undefined if it has none. */
function inverse([a, b, c]: Matrix): Matrix | undefined {
  const determinant = dot(a, cross(b, c));
  if (!(Math.abs(determinant) > 1e-9)) return undefined;
  return transposed(mapped([cross(b, c), cross(c, a), cross(a, b)], (row) => scaled(row, 1 / determinant)));
}
