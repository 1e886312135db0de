import { confinedSharp } from '../confined-sharp.js';
import { littleEndian, webpChunk, webpChunks, webpFile } from '../containers/webp-frames.js';
import { cutOut, rectangleOf } from '../rectangle.js';
import type { AnimationWriter, WriterOptions } from './animation-writer.js';
import type { RgbaPixels } from './rgba-pixels.js';

/** Side of a block of VP8 in pixels: a block is encoded anew as a whole, or stays. */
const blockSide = 16;

/** How far a channel of a pixel may be from what it was when it was encoded last, of 255 steps, and still stay. */
const unchangedSteps = 3;

/**
 * Writes an animated WebP (RFC 9649). libvips encodes the frames, each by itself, and of each only blocks that have
 * changed since they were encoded last: so what stands still keeps its pixels to the bit, and only one frame is held.
 */
export class WebpWriter implements AnimationWriter {
  readonly #width: number;
  readonly #height: number;
  readonly #loops: number;
  readonly #quality: number;
  readonly #frames: Uint8Array[] = [];
  /** What each pixel was when it was encoded last. */
  #encoded: RgbaPixels | undefined;
  bytes = 0;

  /** @param quality - from 1 to 100. */
  constructor({ width, height, loops }: WriterOptions, quality: number) {
    this.#width = width;
    this.#height = height;
    this.#loops = loops;
    this.#quality = quality;
  }

  async add(pixels: RgbaPixels, units: number): Promise<void> {
    const blocks = this.#changedBlocks(pixels);
    const isChanged = (pixel: number) => blocks[this.#blockOf(pixel)] === 1;
    const rectangle = rectangleOf({ width: this.#width, height: this.#height }, isChanged);
    const { left, top, width, height } = rectangle ?? { left: 0, top: 0, width: 1, height: 1 };
    const part = cutOut(pixels, this.#width, { left, top, width, height }, 4);
    // Opaque blocks are laid over what stays. Others have to replace it, with all that lies between them.
    let isOver = this.#encoded !== undefined;
    const canvasPixel = (pixel: number) => (top + Math.floor(pixel / width)) * this.#width + left + (pixel % width);
    for (let pixel = 0; pixel < width * height && isOver; pixel++) {
      isOver = !isChanged(canvasPixel(pixel)) || part[4 * pixel + 3] === 255;
    }
    for (let pixel = 0; pixel < width * height; pixel++) {
      const target = 4 * canvasPixel(pixel);
      if (isOver && !isChanged(target / 4)) part.fill(0, 4 * pixel, 4 * pixel + 4);
      else this.#encoded?.set(part.subarray(4 * pixel, 4 * pixel + 4), target);
    }
    this.#encoded ??= pixels.slice();
    const header = [left / 2, top / 2, width - 1, height - 1, units].flatMap((value) => littleEndian(value, 3));
    const picture = await this.#encode(part, width, height);
    const frame = webpChunk('ANMF', Buffer.concat([Uint8Array.of(...header, isOver ? 0 : 2), ...picture]));
    this.#frames.push(frame);
    this.bytes += frame.length;
  }

  finish(): Buffer {
    const size = [this.#width - 1, this.#height - 1].flatMap((value) => littleEndian(value, 3));
    const flags = 0x12; // Animation and opacity.
    const head = webpChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, ...size));
    const animation = webpChunk('ANIM', Uint8Array.of(0, 0, 0, 0, ...littleEndian(Math.min(this.#loops, 0xffff), 2)));
    return Buffer.from(webpFile([head, animation, ...this.#frames]));
  }

  /** Encodes pixels. @returns the chunks with them. */
  async #encode(pixels: RgbaPixels, width: number, height: number): Promise<readonly Uint8Array[]> {
    const file = await confinedSharp(pixels, { raw: { width, height, channels: 4 } })
      .webp({ quality: this.#quality, smartSubsample: true })
      .toBuffer();
    return [...webpChunks(file)].filter(({ type }) => type !== 'VP8X').map(({ bytes }) => bytes);
  }

  /** Marks the blocks of the canvas, row by row, in which anything has changed. */
  #changedBlocks(pixels: RgbaPixels): Uint8Array {
    const blocks = new Uint8Array(this.#blocksInRow * Math.ceil(this.#height / blockSide));
    const encoded = this.#encoded;
    if (encoded === undefined) return blocks.fill(1);
    for (let pixel = 0; pixel < this.#width * this.#height; pixel++) {
      if (isChanged(pixels, encoded, 4 * pixel)) blocks[this.#blockOf(pixel)] = 1;
    }
    return blocks;
  }

  get #blocksInRow(): number {
    return Math.ceil(this.#width / blockSide);
  }

  #blockOf(pixel: number): number {
    const [x, y] = [pixel % this.#width, Math.floor(pixel / this.#width)];
    return Math.floor(y / blockSide) * this.#blocksInRow + Math.floor(x / blockSide);
  }
}

function isChanged(pixels: RgbaPixels, before: RgbaPixels, offset: number): boolean {
  const opacity = pixels[offset + 3] as number;
  if (opacity !== before[offset + 3]) return true;
  if (opacity === 0) return false;
  for (let channel = offset; channel < offset + 3; channel++) {
    if (Math.abs((pixels[channel] as number) - (before[channel] as number)) > unchangedSteps) return true;
  }
  return false;
}
