import { ascentRows, type Glyph, glyphOf, lineRows } from './lettering-font.js';
import type { RgbImage } from './rgb-image.js';

/** A colour as red, green and blue in [0, 1]. */
export type Color = readonly [red: number, green: number, blue: number];

/** What keeps letters legible on any picture: an outline around each, a plate behind them all, or nothing. */
export type Backing = 'outline' | 'plate' | 'none';

/** How a line of text is drawn. */
export interface LetteringStyle {
  /** Side of a font pixel in picture pixels, a whole number from 1 up. Default 1: capitals are 7 pixels high. */
  readonly scale?: number | undefined;
  /** What keeps the letters legible. Default `plate`. */
  readonly backing?: Backing | undefined;
  /** Colour of the letters. Default white. */
  readonly color?: Color | undefined;
  /** Colour of the outline or plate. Default black. */
  readonly backingColor?: Color | undefined;
}

const white: Color = [1, 1, 1];
const black: Color = [0, 0, 0];

/** How far the backing reaches beyond the ink, in pixels of the font. */
const paddings: Readonly<Record<Backing, number>> = { outline: 1, plate: 2, none: 0 };

/**
 * Measures a line of text with its backing, in pixels. It is higher by two pixels of the font where a letter reaches
 * below the baseline.
 * @throws RangeError where the scale is no whole number from 1 up.
 */
export function measureLettering(text: string, style: LetteringStyle = {}): { width: number; height: number } {
  const { scale, padding } = settled(style);
  const line = glyphsOf(text);
  return { width: (widthOf(line) + 2 * padding) * scale, height: (heightOf(line) + 2 * padding) * scale };
}

/**
 * Draws a line of text into a picture, in a small font of our own: no fonts need to be installed. A box stands for a
 * character that the font lacks. Whatever would lie outside of the picture is left out.
 * @param image - the picture, which is changed.
 * @param corner - the upper left corner of the text with its backing, in whole pixels; it may lie outside of the
 *   picture.
 * @throws RangeError where the scale is no whole number from 1 up, or the corner is not in whole pixels.
 */
export function drawLettering(
  image: RgbImage,
  text: string,
  corner: { readonly left: number; readonly top: number },
  style: LetteringStyle = {},
): void {
  const { scale, padding, backing, color, backingColor } = settled(style);
  if (!(Number.isInteger(corner.left) && Number.isInteger(corner.top))) {
    throw new RangeError(`Expected a place in whole pixels, got (${corner.left}, ${corner.top})`);
  }
  const line = glyphsOf(text);
  /** Fills a rectangle that is given in pixels of the font. */
  const fill = (x: number, y: number, columns: number, rows: number, filling: Color) =>
    fillRectangle(
      image,
      { left: corner.left + x * scale, top: corner.top + y * scale, width: columns * scale, height: rows * scale },
      filling,
    );
  if (backing === 'plate') fill(0, 0, widthOf(line) + 2 * padding, heightOf(line) + 2 * padding, backingColor);
  if (backing === 'outline') forInk(line, (x, y) => fill(x, y, 3, 3, backingColor));
  forInk(line, (x, y) => fill(x + padding, y + padding, 1, 1, color));
}

/** Fills a rectangle; the part that lies outside of the picture is left out. */
function fillRectangle(
  { width, height, data }: RgbImage,
  rectangle: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  color: Color,
): void {
  const left = Math.max(0, rectangle.left);
  const right = Math.min(width, rectangle.left + rectangle.width);
  const bottom = Math.min(height, rectangle.top + rectangle.height);
  if (left >= right) return;
  for (const [channel, value] of color.entries()) {
    for (let y = Math.max(0, rectangle.top); y < bottom; y++) {
      const row = (channel * height + y) * width;
      data.fill(value, row + left, row + right);
    }
  }
}

function settled({ scale = 1, backing = 'plate', color = white, backingColor = black }: LetteringStyle) {
  if (!(Number.isInteger(scale) && scale >= 1)) {
    throw new RangeError(`Expected \`scale\` to be a whole number from 1 up, got ${scale}`);
  }
  return { scale, backing, color, backingColor, padding: paddings[backing] };
}

function glyphsOf(text: string): readonly Glyph[] {
  return Array.from(text, glyphOf);
}

/** The width of a line's ink in pixels of the font, with a column between letters. */
function widthOf(line: readonly Glyph[]): number {
  return Math.max(
    0,
    line.reduce((sum, [row = '']) => sum + row.length + 1, -1),
  );
}

function heightOf(line: readonly Glyph[]): number {
  return line.some((glyph) => glyph.slice(ascentRows).some((row) => row.includes('#'))) ? lineRows : ascentRows;
}

/** Calls `draw` with the coordinates of each pixel of ink, in pixels of the font. */
function forInk(line: readonly Glyph[], draw: (x: number, y: number) => void): void {
  let left = 0;
  for (const glyph of line) {
    for (const [y, row] of glyph.entries()) {
      for (let x = 0; x < row.length; x++) if (row[x] === '#') draw(left + x, y);
    }
    left += (glyph[0]?.length ?? 0) + 1;
  }
}
