import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { changed, concat, pngChunk, pngSignature } from '../handmade-files.js';
import { type GifFrame, gifOf } from '../handmade-gif.js';

/** A picture as rows of letters, each of which is a square of {@link cell} pixels a side. */
export type Drawing = readonly string[];

/** A frame of an animation that is drawn; lengths are in cells. */
export interface DrawnFrame {
  readonly drawing: Drawing;
  readonly left?: number;
  readonly top?: number;
  readonly disposal?: 'keep' | 'clear' | 'restore';
  /** GIF knows none but `over`, which is the default. */
  readonly blend?: 'over' | 'source';
  readonly delayMs?: number;
}

export interface DrawnAnimation {
  /** Size of the canvas in cells. */
  readonly width: number;
  readonly height: number;
  /** As it stands in the file; undefined: nothing stands there. */
  readonly loops?: number;
  readonly frames: readonly DrawnFrame[];
}

export const cell = 8;

type Rgba = readonly [red: number, green: number, blue: number, opacity: number];

const letters: Readonly<Record<string, Rgba>> = {
  R: [255, 0, 0, 255],
  G: [0, 255, 0, 255],
  B: [0, 0, 255, 255],
  Y: [255, 255, 0, 255],
  // Half transparent.
  r: [255, 0, 0, 128],
  g: [0, 255, 0, 128],
  '.': [0, 0, 0, 0],
};

/** Returns the pixels of a drawing. */
export function drawn(drawing: Drawing): { width: number; height: number; pixels: Uint8Array } {
  const [width, height] = [cell * (drawing[0]?.length ?? 0), cell * drawing.length];
  const pixels = new Uint8Array(4 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      pixels.set(letters[drawing[Math.floor(y / cell)]?.[Math.floor(x / cell)] ?? '.'] ?? [], i);
    }
  }
  return { width, height, pixels };
}

const disposals = { keep: 1, clear: 2, restore: 3 } as const;

/** Makes a GIF, by hand. */
export function drawnGif({ width, height, loops, frames }: DrawnAnimation): Buffer {
  const canvas = { width: cell * width, height: cell * height, ...(loops === undefined ? {} : { repetitions: loops }) };
  const gifFrames = new Map(frames.map((frame) => [frame, gifFrame(frame)]));
  return gifOf(canvas, ...frames.flatMap((frame) => gifFrames.get(frame) ?? []));
}

function gifFrame({ drawing, left = 0, top = 0, disposal = 'keep', delayMs = 100 }: DrawnFrame): GifFrame {
  return {
    left: cell * left,
    top: cell * top,
    width: cell * (drawing[0]?.length ?? 0),
    height: cell * drawing.length,
    pixel: (x, y) => 'RGBY...'.indexOf(drawing[Math.floor(y / cell)]?.[Math.floor(x / cell)] ?? '.'),
    transparent: 4,
    disposal: disposals[disposal],
    delay: delayMs / 10,
  };
}

/** Makes a WebP, by hand but for the pixels of its frames. */
export async function drawnWebp({ width, height, loops = 0, frames }: DrawnAnimation): Promise<Buffer> {
  const chunks = await Promise.all(frames.map(webpFrame));
  const size = [...uint24(cell * width - 1), ...uint24(cell * height - 1)];
  return riff(
    chunk('VP8X', Uint8Array.of(0x12, 0, 0, 0, ...size)),
    chunk('ANIM', Uint8Array.of(0, 0, 255, 255, loops & 0xff, loops >> 8)),
    ...chunks,
  );
}

async function webpFrame({ drawing, left = 0, top = 0, disposal, blend, delayMs = 100 }: DrawnFrame): Promise<Buffer> {
  const { width, height, pixels } = drawn(drawing);
  const still = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .webp({ lossless: true, exact: true })
    .toBuffer();
  const picture = still.subarray(still.indexOf('VP8L'));
  const rectangle = [(cell * left) / 2, (cell * top) / 2, width - 1, height - 1, delayMs].flatMap(uint24);
  const flags = (blend === 'source' ? 2 : 0) | (disposal === 'clear' ? 1 : 0);
  return chunk('ANMF', concat(rectangle, [flags], picture));
}

/** Makes a chunk of a WebP. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return concat(type, length, data, new Uint8Array(data.length % 2));
}

/** Makes a WebP of chunks. */
export function riff(...chunks: readonly Uint8Array[]): Buffer {
  return chunk('RIFF', concat('WEBP', ...chunks));
}

/** Makes an animated PNG, by hand. @param hidden - the picture for programs that know no animations; else the first frame. */
export function drawnPng({ width, height, loops = 0, frames }: DrawnAnimation, hidden?: Drawing): Buffer {
  let sequence = 0;
  const chunks = frames.flatMap(({ drawing, left = 0, top = 0, disposal = 'keep', blend, delayMs = 100 }, index) => {
    const picture = drawn(drawing);
    const control = concat(uint32(sequence++, picture.width, picture.height, cell * left, cell * top), [
      delayMs >> 8,
      delayMs & 0xff,
      1000 >> 8,
      1000 & 0xff,
      disposals[disposal] - 1,
      blend === 'source' ? 0 : 1,
    ]);
    const data = scanlines(picture);
    const isPicture = index === 0 && hidden === undefined;
    return [
      pngChunk('fcTL', control),
      isPicture ? pngChunk('IDAT', data) : pngChunk('fdAT', concat(uint32(sequence++), data)),
    ];
  });
  return concat(
    pngSignature,
    pngChunk('IHDR', concat(uint32(cell * width, cell * height), [8, 6, 0, 0, 0])),
    pngChunk('acTL', concat(uint32(frames.length, loops))),
    ...(hidden === undefined ? [] : [pngChunk('IDAT', scanlines(drawn(hidden)))]),
    ...chunks,
    pngChunk('IEND'),
  );
}

function scanlines({ width, height, pixels }: ReturnType<typeof drawn>): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    concat([0], pixels.subarray(4 * y * width, 4 * (y + 1) * width)),
  );
  return deflateSync(concat(...rows));
}

function uint24(value: number): readonly number[] {
  return [value & 0xff, (value >> 8) & 0xff, value >> 16];
}

/** Returns numbers as bytes, the highest first. */
export function uint32(...values: readonly number[]): readonly number[] {
  return values.flatMap((value) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
}

/** What stands where a frame begins. */
const marks = { gif: '!\xf9\x04', webp: 'ANMF', png: 'fcTL' } as const;

/** Returns where a frame of a drawn animation begins, by its index from 0. */
export function startOf(file: Buffer, format: keyof typeof marks, frame: number): number {
  let offset = -1;
  for (let found = 0; found <= frame; found++) offset = file.indexOf(marks[format], offset + 1, 'latin1');
  return offset;
}

/** How far behind that the data of a frame lies, behind all that is about its structure. */
const dataOffsets = { gif: 20, webp: 37, png: 46 } as const;

/** Damages the data of a frame, by its index from 0. */
export function withDamagedFrame(file: Buffer, format: keyof typeof marks, frame: number): Buffer {
  const data = startOf(file, format, frame) + dataOffsets[format];
  return changed(file, (copy) => copy.fill(0xff, data, data + 4));
}
