import { deflateSync } from 'node:zlib';
import { confinedSharp } from '../confined-sharp.js';
import { pngChunk, pngChunks } from '../containers/png-chunk.js';
import type { Palette } from '../gif/palette.js';
import { leaveUnchanged, show } from '../gif/shown-pixels.js';
import { cutOut, type Rectangle, rectangleOf } from '../rectangle.js';
import type { AnimationWriter, WriterOptions } from './animation-writer.js';
import { type RgbaPixels, rgbOf } from './rgba-pixels.js';

/** Pixels of a frame that change what is there before, compressed as in a PNG. */
interface Change {
  readonly rectangle: Rectangle;
  readonly data: Uint8Array;
  /** Whether what is transparent shows what was there before; else it replaces it. */
  readonly isOver: boolean;
}

/** How the pixels of a PNG are written: what is in its header, and the frames. */
interface Pixels {
  /** The byte of the header that says what a pixel is: 3 an index, 6 red, green, blue and opacity. */
  readonly colorType: 3 | 6;
  /** The chunks that stand before all frames. */
  readonly chunks: readonly Uint8Array[];
  change(pixels: RgbaPixels): Promise<Change>;
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** Longest time in milliseconds that is written in thousandths of a second. */
const longestInMs = 0xffff;

/** Writes an animated PNG (third edition, clause 11.3.2), of which only what has changed is written. */
export class PngWriter implements AnimationWriter {
  readonly #options: WriterOptions;
  readonly #pixels: Pixels;
  readonly #chunks: Uint8Array[] = [];
  #frames = 0;
  #sequence = 0;
  bytes = 0;

  /** @param palette - the colours of all frames, at most 255; undefined: as the pixels are, with their opacity. */
  constructor(options: WriterOptions, palette: Palette | undefined) {
    this.#options = options;
    this.#pixels = palette ? new IndexedPixels(options, palette) : new TrueColorPixels(options);
  }

  async add(pixels: RgbaPixels, units: number): Promise<void> {
    const { rectangle, data, isOver } = await this.#pixels.change(pixels);
    const { left, top, width, height } = rectangle;
    const [delay, parts] = units <= longestInMs ? [units, 1000] : [Math.round(units / 10), 100];
    const control = Buffer.alloc(26);
    for (const [index, value] of [this.#sequence++, width, height, left, top].entries())
      control.writeUInt32BE(value, 4 * index);
    control.writeUInt16BE(delay, 20);
    control.writeUInt16BE(parts, 22);
    control[25] = isOver ? 1 : 0;
    this.#push(pngChunk('fcTL', control));
    this.#push(
      this.#frames === 0 ? pngChunk('IDAT', data) : pngChunk('fdAT', Buffer.concat([uint32(this.#sequence++), data])),
    );
    this.#frames += 1;
  }

  finish(): Buffer {
    const { width, height, loops } = this.#options;
    const header = Buffer.concat([uint32(width), uint32(height), Uint8Array.of(8, this.#pixels.colorType, 0, 0, 0)]);
    return Buffer.concat([
      signature,
      pngChunk('IHDR', header),
      pngChunk('acTL', Buffer.concat([uint32(this.#frames), uint32(loops)])),
      ...this.#pixels.chunks,
      ...this.#chunks,
      pngChunk('IEND', new Uint8Array()),
    ]);
  }

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.bytes += chunk.length;
  }
}

/** Pixels as they are. What has not changed is left out, to the bit. */
class TrueColorPixels implements Pixels {
  readonly colorType = 6;
  readonly chunks: readonly Uint8Array[] = [];
  readonly #whole: Rectangle;
  #before: RgbaPixels | undefined;

  constructor({ width, height }: WriterOptions) {
    this.#whole = { left: 0, top: 0, width, height };
  }

  async change(pixels: RgbaPixels): Promise<Change> {
    const before = this.#before;
    this.#before = pixels.slice();
    if (before === undefined)
      return { rectangle: this.#whole, data: await compressed(pixels, this.#whole), isOver: false };
    const isChanged = (pixel: number) => !isSame(pixels, before, 4 * pixel);
    const rectangle = rectangleOf(this.#whole, isChanged) ?? onePixel;
    const part = cutOut(pixels, this.#whole.width, rectangle, 4);
    const partBefore = cutOut(before, this.#whole.width, rectangle, 4);
    let isOver = true;
    for (let i = 0; i < part.length && isOver; i += 4) isOver = part[i + 3] === 255 || isSame(part, partBefore, i);
    // Opaque pixels are laid over what stays. Others have to replace it, with all that lies between them.
    if (isOver) for (let i = 0; i < part.length; i += 4) if (isSame(part, partBefore, i)) part.fill(0, i, i + 4);
    return { rectangle, data: await compressed(part, rectangle), isOver };
  }
}

/** Opaque pixels in the colours of a palette that all frames share. */
class IndexedPixels implements Pixels {
  readonly colorType = 3;
  readonly chunks: readonly Uint8Array[];
  readonly #whole: Rectangle;
  readonly #palette: Palette;
  readonly #colors: Uint8Array;
  readonly #transparent: number;
  readonly #shown: Uint8Array;
  #isFirst = true;

  constructor({ width, height }: WriterOptions, palette: Palette) {
    this.#whole = { left: 0, top: 0, width, height };
    this.#palette = palette;
    this.#colors = palette.colors;
    this.#transparent = this.#colors.length / 3;
    this.#shown = new Uint8Array(3 * width * height);
    const opacities = new Uint8Array(this.#transparent + 1).fill(255, 0, this.#transparent);
    this.chunks = [
      pngChunk('PLTE', Buffer.concat([this.#colors, Uint8Array.of(0, 0, 0)])),
      pngChunk('tRNS', opacities),
    ];
  }

  async change(pixels: RgbaPixels): Promise<Change> {
    const colors = rgbOf(pixels);
    const indices = this.#palette.map(colors);
    if (!this.#isFirst) leaveUnchanged(colors, this.#shown, this.#colors, indices, this.#transparent);
    show(this.#shown, this.#colors, indices, this.#transparent);
    const isChanged = (pixel: number) => indices[pixel] !== this.#transparent;
    const rectangle = this.#isFirst ? this.#whole : (rectangleOf(this.#whole, isChanged) ?? onePixel);
    this.#isFirst = false;
    const part = cutOut(indices, this.#whole.width, rectangle, 1);
    // Each row begins with the number of its filter: indices are written as they are.
    const rows = new Uint8Array((rectangle.width + 1) * rectangle.height);
    for (let y = 0; y < rectangle.height; y++) {
      rows.set(part.subarray(y * rectangle.width, (y + 1) * rectangle.width), y * (rectangle.width + 1) + 1);
    }
    return { rectangle, data: deflateSync(rows, { level: 9 }), isOver: true };
  }
}

/** What is written of a frame in which nothing has changed: it can't be nothing. */
const onePixel: Rectangle = { left: 0, top: 0, width: 1, height: 1 };

function isSame(a: RgbaPixels, b: RgbaPixels, offset: number): boolean {
  if (a[offset + 3] !== b[offset + 3]) return false;
  if (a[offset + 3] === 0) return true;
  return a[offset] === b[offset] && a[offset + 1] === b[offset + 1] && a[offset + 2] === b[offset + 2];
}

/** Has libvips write pixels as a PNG, whose data is that of a frame. */
async function compressed(pixels: RgbaPixels, { width, height }: Rectangle): Promise<Uint8Array> {
  const file = await confinedSharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer();
  return Buffer.concat([...pngChunks(file)].filter(({ type }) => type === 'IDAT').map(({ data }) => data));
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
