import type { Frames } from './gif/writer.js';
import { type Color, drawLettering, measureLettering } from './lettering.js';
import { fromBytes, toBytes } from './rgb-bytes.js';
import type { RgbImage } from './rgb-image.js';

/** The text below a picture on a contact sheet. */
export interface Caption {
  readonly label: string;
  /** A fainter remark at the right end; left out on all tiles if one tile is too narrow for its remark. */
  readonly note?: string | undefined;
}

/** A picture with its caption on a contact sheet. */
export interface Tile extends Caption {
  readonly picture: RgbImage;
}

/** An animation with its caption on a contact sheet that moves. An animation of one frame stands still. */
export interface MovingTile extends Caption {
  readonly frames: Frames;
}

const background: Color = [0.09, 0.1, 0.12];
const labelColor: Color = [0.95, 0.95, 0.95];
const noteColor: Color = [0.6, 0.63, 0.67];

/** Width in pixels of a tile whose letters have strokes of one pixel; wider tiles have larger letters in proportion. */
const widthPerLetteringScale = 128;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where everything is on a contact sheet; lengths are in pixels. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly letteringScale: number;
  readonly hasNotes: boolean;
  readonly gap: number;
  /** The upper left corner of each tile's picture. */
  readonly corners: readonly { readonly left: number; readonly top: number }[];
}

/**
 * Puts pictures of one size side by side, each with its caption below, in rows that make a sheet about as wide as high.
 * @throws RangeError where there is no picture, or they are of different sizes.
 */
export function contactSheet(tiles: readonly Tile[]): RgbImage {
  const sizes = tiles.map(({ picture }) => picture);
  return drawSheet(tiles, layOut(tiles, commonSize(sizes)));
}

/** Returns the size of a contact sheet of pictures of one size, with these captions. */
export function contactSheetSize(captions: readonly Caption[], tile: Size): Size {
  const { width, height } = layOut(captions, tile);
  return { width, height };
}

/**
 * Makes a contact sheet of animations: it has as many frames as the longest, and the others are stretched to as many.
 * @throws RangeError where there is no animation, one has no frames, or they are of different sizes.
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

function commonSize(pictures: readonly Size[]): Size {
  const [first] = pictures;
  if (!first) throw new RangeError('Expected at least one picture for a contact sheet, got none');
  const { width, height } = first;
  const other = pictures.find((picture) => picture.width !== width || picture.height !== height);
  if (other) {
    throw new RangeError(`Expected pictures of ${width}×${height}, got one of ${other.width}×${other.height}`);
  }
  return { width, height };
}

function layOut(captions: readonly Caption[], tile: Size): Layout {
  const largest = Math.max(1, Math.round(tile.width / widthPerLetteringScale));
  const scales = Array.from({ length: largest }, (_, index) => largest - index);
  const fitting = scales.find((scale) => captions.every((caption) => captionWidth(caption, scale) <= tile.width));
  const letteringScale = fitting ?? 1;
  const gap = Math.max(4, Math.round(tile.width / 32));
  // All captions are given the height of a small g, which reaches below the baseline.
  const captionHeight = measureLettering('g', { scale: letteringScale, backing: 'none' }).height;
  const columns = Math.ceil(Math.sqrt((captions.length * tile.height) / tile.width));
  const rows = Math.ceil(captions.length / columns);
  const [across, down] = [tile.width + gap, tile.height + captionHeight + 2 * gap];
  const corners = captions.map((_, index) => ({
    left: gap + (index % columns) * across,
    top: gap + Math.floor(index / columns) * down,
  }));
  return {
    width: gap + columns * across,
    height: rows * down + gap,
    letteringScale,
    hasNotes: fitting !== undefined,
    gap,
    corners,
  };
}

function captionWidth({ label, note }: Caption, scale: number): number {
  const width = (text: string) => measureLettering(text, { scale, backing: 'none' }).width;
  // Label and note are kept apart by the width of two letters.
  return width(label) + (note === undefined ? 0 : width(note) + 12 * scale);
}

function drawSheet(tiles: readonly Tile[], { width, height, corners, ...layout }: Layout): RgbImage {
  const area = width * height;
  const sheet = { width, height, data: new Float32Array(3 * area) };
  for (const [channel, value] of background.entries()) sheet.data.fill(value, channel * area, (channel + 1) * area);
  const lettering = { scale: layout.letteringScale, backing: 'none' } as const;
  for (const [index, { picture, label, note }] of tiles.entries()) {
    const { left = 0, top = 0 } = corners[index] ?? {};
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
