import type { Frames } from './gif/writer.js';
import { type Color, drawLettering, measureLettering } from './lettering.js';
import { fromBytes, toBytes } from './rgb-bytes.js';
import type { RgbImage } from './rgb-image.js';

/** What stands below a picture on a sheet. */
export interface Caption {
  readonly label: string;
  /** A remark at the right end, fainter; left out on all tiles where one is too narrow for it. */
  readonly note?: string | undefined;
}

/** A picture on a sheet. */
export interface Tile extends Caption {
  readonly picture: RgbImage;
}

/** Pictures on a sheet that moves, from the first to the last; a single one stands still. */
export interface MovingTile extends Caption {
  readonly frames: Frames;
}

const background: Color = [0.09, 0.1, 0.12];
const labelColor: Color = [0.95, 0.95, 0.95];
const noteColor: Color = [0.6, 0.63, 0.67];

/** A tile of so many pixels has letters of one pixel's strokes; larger ones have larger letters. */
const widthPerLetteringScale = 128;

/** Where everything is on a sheet, in pixels. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly letteringScale: number;
  readonly hasNotes: boolean;
  readonly gap: number;
  /** Of each tile's picture, upper left corners. */
  readonly places: readonly { readonly left: number; readonly top: number }[];
}

/**
 * Pictures of one size side by side, each with its caption below, in rows that make the sheet about as wide as high.
 * @throws RangeError where there is no picture, or they are of different sizes.
 */
export function contactSheet(tiles: readonly Tile[]): RgbImage {
  const sizes = tiles.map(({ picture }) => picture);
  return drawSheet(tiles, layOut(tiles, commonSize(sizes)));
}

/**
 * The same with pictures that move: all take as many frames as the longest of them, each at its own pace.
 * @throws RangeError where there is no picture, or they are of different sizes.
 */
export function movingContactSheet(tiles: readonly MovingTile[]): Frames {
  const size = commonSize(tiles.map(({ frames }) => frames));
  const layout = layOut(tiles, size);
  const count = Math.max(...tiles.map(({ frames }) => frames.pictures.length));
  const pictures = Array.from({ length: count }, (_, index) => {
    const progress = count > 1 ? index / (count - 1) : 1;
    const still = tiles.map(({ frames, ...caption }) => {
      const bytes = frames.pictures[Math.round(progress * (frames.pictures.length - 1))];
      if (!bytes) throw new RangeError('Expected at least one frame for each tile, got none');
      return { ...caption, picture: fromBytes(bytes, size.width, size.height) };
    });
    return toBytes(drawSheet(still, layout));
  });
  return { width: layout.width, height: layout.height, pictures };
}

function commonSize(pictures: readonly { readonly width: number; readonly height: number }[]) {
  const [first] = pictures;
  if (!first) throw new RangeError('Expected at least one picture for a contact sheet, got none');
  const { width, height } = first;
  const other = pictures.find((picture) => picture.width !== width || picture.height !== height);
  if (other) {
    throw new RangeError(`Expected pictures of ${width}×${height}, got one of ${other.width}×${other.height}`);
  }
  return { width, height };
}

function layOut(captions: readonly Caption[], tile: { readonly width: number; readonly height: number }): Layout {
  const largest = Math.max(1, Math.round(tile.width / widthPerLetteringScale));
  const scales = Array.from({ length: largest }, (_, index) => largest - index);
  const fitting = scales.find((scale) => captions.every((caption) => captionWidth(caption, scale) <= tile.width));
  const letteringScale = fitting ?? 1;
  const gap = Math.max(4, Math.round(tile.width / 32));
  // A small g reaches below the baseline: all captions stand on one line.
  const captionHeight = measureLettering('g', { scale: letteringScale, backing: 'none' }).height;
  const columns = Math.ceil(Math.sqrt((captions.length * tile.height) / tile.width));
  const rows = Math.ceil(captions.length / columns);
  const [across, down] = [tile.width + gap, tile.height + captionHeight + 2 * gap];
  const places = captions.map((_, index) => ({
    left: gap + (index % columns) * across,
    top: gap + Math.floor(index / columns) * down,
  }));
  return {
    width: gap + columns * across,
    height: rows * down + gap,
    letteringScale,
    hasNotes: fitting !== undefined,
    gap,
    places,
  };
}

function captionWidth({ label, note }: Caption, scale: number): number {
  const width = (text: string) => measureLettering(text, { scale, backing: 'none' }).width;
  // Two letters' width between both.
  return width(label) + (note === undefined ? 0 : width(note) + 12 * scale);
}

function drawSheet(tiles: readonly Tile[], { width, height, places, ...layout }: Layout): RgbImage {
  const area = width * height;
  const sheet = { width, height, data: new Float32Array(3 * area) };
  for (const [channel, value] of background.entries()) sheet.data.fill(value, channel * area, (channel + 1) * area);
  const lettering = { scale: layout.letteringScale, backing: 'none' } as const;
  for (const [index, { picture, label, note }] of tiles.entries()) {
    const { left = 0, top = 0 } = places[index] ?? {};
    paste(sheet, picture, left, top);
    const baseline = top + picture.height + Math.floor(layout.gap / 2);
    drawLettering(sheet, label, { left, top: baseline }, { ...lettering, color: labelColor });
    if (note === undefined || !layout.hasNotes) continue;
    const right = left + picture.width - measureLettering(note, lettering).width;
    drawLettering(sheet, note, { left: right, top: baseline }, { ...lettering, color: noteColor });
  }
  return sheet;
}

function paste(onto: RgbImage, picture: RgbImage, left: number, top: number): void {
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < picture.height; y++) {
      const from = (channel * picture.height + y) * picture.width;
      const to = (channel * onto.height + top + y) * onto.width + left;
      onto.data.set(picture.data.subarray(from, from + picture.width), to);
    }
  }
}
