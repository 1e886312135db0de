import { maskError } from './mask-error.js';

/** A box in a picture, in percent of its width and height. Its parts beyond the picture don't count. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Parses the text `left,top,width,height`: `25,10,50,40` is the middle half across, from a tenth of the height on.
 * @throws `mask/wrong-region` that says what is wrong with the text.
 */
export function parseRegion(text: string): Region {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [left = Number.NaN, top = Number.NaN, width = Number.NaN, height = Number.NaN] = numbers;
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) {
    throw maskError('wrong-region', `"${text}" is no region. ${howToWrite}`, { region: text });
  }
  const region = { left, top, width, height };
  checkRegion(region);
  return region;
}

/** Writes a region as the text that {@link parseRegion} reads. */
export function formatRegion({ left, top, width, height }: Region): string {
  return [left, top, width, height].map((value) => String(value).replace(/^0\./, '.')).join(',');
}

/** Checks that a region has an area inside of the picture. @throws `mask/wrong-region` where it has none. */
export function checkRegion(region: Region): void {
  const { left, top, width, height } = region;
  const isInside = left >= 0 && left < 100 && top >= 0 && top < 100;
  if (isInside && width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height)) return;
  const text = formatRegion(region);
  throw maskError(
    'wrong-region',
    `The region ${text} holds nothing of the picture: left and top must be from 0 to 100, width and height above 0. ${howToWrite}`,
    { region: text },
  );
}

const howToWrite = 'Write regions as left,top,width,height in percent of the picture, such as 25,10,50,40.';

/**
 * Computes how much of each pixel lies in a region.
 * @returns shares of the pixels, width · height values in [0, 1], row by row.
 */
export function coverage(region: Region, width: number, height: number): Float32Array {
  const columns = overlaps(region.left, region.width, width);
  const rows = overlaps(region.top, region.height, height);
  const shares = new Float32Array(width * height);
  for (const [y, row] of rows.entries()) {
    if (row > 0)
      shares.set(
        columns.map((column) => column * row),
        y * width,
      );
  }
  return shares;
}

/** Computes how much of each of `pixels` pixels lies in a range, which is given in percent of all of them. */
function overlaps(begin: number, length: number, pixels: number): Float64Array {
  const [first, last] = [(begin / 100) * pixels, ((begin + length) / 100) * pixels];
  return Float64Array.from({ length: pixels }, (_, pixel) =>
    Math.max(0, Math.min(pixel + 1, last) - Math.max(pixel, first)),
  );
}
