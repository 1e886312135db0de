import type { Convolution } from '../topology.js';

/** A rectangle of whole pixels: right and bottom are the first column and row outside of it. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A piece of a picture, which is evaluated by itself. */
export interface Piece {
  /** The pixels that belong to this piece and to no other. */
  readonly own: Rectangle;
  /** The own pixels and the halo around them: all that the layers' own positions see. It ends where the picture ends. */
  readonly whole: Rectangle;
}

/** The size of a picture, in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What decides how a picture may be cut: how far layers see, and which pixels their poolings take together. */
export interface View {
  /** The least width of halos, in pixels, see {@link reachOf}. */
  readonly reach: number;
  /** The downsampling of the deepest layer. */
  readonly stride: number;
}

/** Graphs for sizes that this divides serve nearly all pieces. */
const wellDivided = 16;

/**
 * Returns how many pixels beyond each side of its own pixels a position of a convolution sees: every 3×3 convolution
 * before it, and it itself, reaches one position further, and poolings reach no further where their grids coincide.
 * @param upTo - index of the convolution.
 */
export function reachOf(convolutions: readonly Pick<Convolution, 'downsampling'>[], upTo: number): number {
  return convolutions.slice(0, upTo + 1).reduce((sum, { downsampling }) => sum + downsampling, 0);
}

/**
 * Cuts a picture so that its pieces with their halos have the fewest pixels. Borders lie where those of the deepest
 * layer's positions are: so the poolings of a piece take the same pixels together as those of the whole picture.
 * @param fits - tells whether a piece of so many pixels, with its halo, is small enough.
 * @returns the pieces row by row; one where the whole picture fits, and the {@link smallestPieces} where not even those do.
 */
export function cut(size: PictureSize, view: View, fits: (pixels: number) => boolean): readonly Piece[] {
  if (fits(size.width * size.height)) return piecesOf(size, view, 1, 1);
  let best: { readonly across: number; readonly down: number; readonly pixels: number } | undefined;
  const rows = lengthsOf(size.height, view);
  for (const [column, across] of lengthsOf(size.width, view).entries()) {
    // More rows than fit would only add halos.
    const row = rows.findIndex((down) => fits(across.longest * down.longest));
    const pixels = across.sum * (rows[row]?.sum ?? Number.POSITIVE_INFINITY);
    if (row >= 0 && pixels < (best?.pixels ?? Number.POSITIVE_INFINITY))
      best = { across: column + 1, down: row + 1, pixels };
  }
  return best ? piecesOf(size, view, best.across, best.down) : smallestPieces(size, view);
}

/** Cuts a picture into the smallest pieces that are worth their halos: their sides are as long as both halos together. */
export function smallestPieces(size: PictureSize, view: View): readonly Piece[] {
  return piecesOf(size, view, mostParts(size.width, view), mostParts(size.height, view));
}

/** Returns the number of pixels of a rectangle. */
export function pixelsOf({ left, top, right, bottom }: Rectangle): number {
  return (right - left) * (bottom - top);
}

/** Returns the positions of a layer that lie in a rectangle of pixels; pooling leaves out what is no whole position. */
export function positionsIn({ left, top, right, bottom }: Rectangle, downsampling: number): Rectangle {
  const at = (pixels: number) => Math.floor(pixels / downsampling);
  return { left: at(left), top: at(top), right: at(right), bottom: at(bottom) };
}

/** Returns a rectangle as it is counted from the corner of another one around it. */
export function inside(inner: Rectangle, outer: Rectangle): Rectangle {
  return {
    left: inner.left - outer.left,
    right: inner.right - outer.left,
    top: inner.top - outer.top,
    bottom: inner.bottom - outer.top,
  };
}

/** Returns the longest and the sum of the lengths, with halos, of a side's parts: for one part, for two, and so on. */
function lengthsOf(side: number, view: View): readonly { readonly longest: number; readonly sum: number }[] {
  return Array.from({ length: mostParts(side, view) }, (_, index) => {
    const lengths = spans(side, view, index + 1).map(({ begin, end }) => end - begin);
    return { longest: Math.max(...lengths), sum: lengths.reduce((sum, length) => sum + length, 0) };
  });
}

/** Returns into how many parts a side is cut at most. */
function mostParts(side: number, view: View): number {
  const grid = gridOf(view);
  const halo = Math.ceil(view.reach / grid) * grid;
  return Math.max(1, Math.floor(side / Math.max(grid, 2 * halo)));
}

function gridOf({ stride }: View): number {
  return Math.max(wellDivided, stride);
}

function piecesOf({ width, height }: PictureSize, view: View, across: number, down: number): readonly Piece[] {
  const [columns, rows] = [spans(width, view, across), spans(height, view, down)];
  return rows.flatMap((row) =>
    columns.map((column) => ({
      own: { left: column.from, right: column.to, top: row.from, bottom: row.to },
      whole: { left: column.begin, right: column.end, top: row.begin, bottom: row.end },
    })),
  );
}

/**
 * Cuts a side into parts, with halos from `begin` to `from` and from `to` to `end`. With their halos all are equally long,
 * as memory that was taken for one then suits the next: those at the ends have more pixels of their own.
 */
function spans(side: number, view: View, parts: number) {
  const grid = gridOf(view);
  const halo = grid * Math.ceil(view.reach / grid);
  const length = grid * Math.ceil((side + 2 * halo * (parts - 1)) / parts / grid);
  if (parts === 1 || length >= side) return [{ from: 0, to: side, begin: 0, end: side }];
  const step = length - 2 * halo;
  const found: { from: number; to: number; begin: number; end: number }[] = [];
  let from = 0;
  for (let index = 0; from < side; index++) {
    const isLast = index * step + length >= side;
    const begin = isLast ? grid * Math.floor((side - length) / grid) : index * step;
    const to = isLast ? side : begin + length - halo;
    found.push({ from, to, begin, end: Math.min(side, isLast ? side : begin + length) });
    from = to;
  }
  return found;
}
