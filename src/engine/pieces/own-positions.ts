import { inside, type Piece, positionsIn, type Rectangle } from './cut.js';
import { cutOut, type Planes, putInto } from './planes.js';

/** Weights of a layer's positions in a piece with its halo, row by row, and their sum. */
export interface OwnPositions {
  readonly positions: Float32Array;
  readonly sum: number;
}

/**
 * Returns the weights of a layer's positions in a piece. In the halo they are 0: there it is another piece's turn.
 * @param weights - the weights of all positions of the whole picture's layer, or one number for all.
 */
export function ownPositions(piece: Piece, downsampling: number, weights: Planes | number): OwnPositions {
  const whole = positionsIn(piece.whole, downsampling);
  const own = positionsIn(piece.own, downsampling);
  const [width, height] = [whole.right - whole.left, whole.bottom - whole.top];
  const positions = new Float32Array(width * height);
  const inPiece = inside(own, whole);
  const values = typeof weights === 'number' ? filled(inPiece, weights) : cutOut(weights, own);
  putInto({ width, height, data: positions }, inPiece, values);
  return { positions, sum: values.data.reduce((sum, value) => sum + value, 0) };
}

/** Divides weights by their sum, so that they are those of a mean. */
export function asShares({ positions, sum }: OwnPositions): Float32Array {
  return positions.map((value) => value / sum);
}

function filled({ left, right, top, bottom }: Rectangle, value: number): Planes {
  const [width, height] = [right - left, bottom - top];
  return { width, height, data: new Float32Array(width * height).fill(value) };
}
