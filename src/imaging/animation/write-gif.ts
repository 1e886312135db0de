import { fileHeader, frameHeader, paddedPalette, trailer } from '../gif/gif-blocks.js';
import { LzwCompressor } from '../gif/lzw.js';
import type { Palette } from '../gif/palette.js';
import { leaveUnchanged, show } from '../gif/shown-pixels.js';
import { leastShown } from '../opacity.js';
import { cutOut, type Rectangle, rectangleOf } from '../rectangle.js';
import type { AnimationWriter, WriterOptions } from './animation-writer.js';
import { type RgbaPixels, rgbOf } from './rgba-pixels.js';

/** A frame that was written, and may have to be written anew. */
interface Written {
  readonly indices: Uint8Array;
  readonly units: number;
}

/**
 * Writes an animated GIF (89a specification) in which all frames share one palette, so that what stands still keeps its
 * colours. There is no dithering, whose noise would move. Pixels that look right already are left out.
 */
export class GifWriter implements AnimationWriter {
  readonly #width: number;
  readonly #height: number;
  readonly #palette: Palette;
  readonly #colors: Uint8Array;
  /** Bits of an index; the last one stands for what was there before. */
  readonly #indexBits: number;
  readonly #transparent: number;
  readonly #compressor = new LzwCompressor();
  /** The file's header, and what was written of each frame. */
  readonly #parts: Uint8Array[];
  /** The colours that a viewer sees, and which pixels show any. */
  readonly #shown: Uint8Array;
  readonly #isShown: Uint8Array;
  #last: Written | undefined;
  bytes: number;

  /** @param colors - 4, 8, … or 256, of which the palette leaves at least one free. */
  constructor({ width, height, loops }: WriterOptions, palette: Palette, colors: number) {
    this.#width = width;
    this.#height = height;
    this.#palette = palette;
    this.#colors = palette.colors;
    this.#indexBits = Math.log2(colors);
    this.#transparent = colors - 1;
    this.#shown = new Uint8Array(3 * width * height);
    this.#isShown = new Uint8Array(width * height);
    const header = fileHeader(width, height, loops, paddedPalette(this.#colors, colors));
    this.#parts = [header];
    this.bytes = header.length;
  }

  async add(pixels: RgbaPixels, units: number): Promise<void> {
    const colors = rgbOf(pixels);
    const indices = this.#palette.map(colors);
    let isHiding = false;
    for (let pixel = 0; pixel < indices.length; pixel++) {
      if ((pixels[4 * pixel + 3] as number) >= 255 * leastShown) continue;
      indices[pixel] = this.#transparent;
      isHiding ||= this.#isShown[pixel] === 1;
    }
    if (isHiding) this.#clear();
    leaveUnchanged(colors, this.#shown, this.#colors, indices, this.#transparent, this.#isShown);
    show(this.#shown, this.#colors, indices, this.#transparent);
    for (const [pixel, index] of indices.entries()) if (index !== this.#transparent) this.#isShown[pixel] = 1;
    this.#last = { indices, units };
    this.#write(this.#last, false);
  }

  finish(): Buffer {
    return Buffer.concat([...this.#parts, trailer]);
  }

  /** Has all that is shown taken away behind the last frame. A frame can't do that itself: only the one before can be cleared. */
  #clear(): void {
    this.#isShown.fill(0);
    if (this.#last === undefined) return;
    this.bytes -= this.#parts.pop()?.length ?? 0;
    this.#write(this.#last, true);
  }

  #write({ indices, units }: Written, isCleared: boolean): void {
    const whole: Rectangle = { left: 0, top: 0, width: this.#width, height: this.#height };
    const isFirst = this.#parts.length === 1;
    const changed = isFirst || isCleared ? whole : rectangleOf(whole, (pixel) => indices[pixel] !== this.#transparent);
    const rectangle = changed ?? { left: 0, top: 0, width: 1, height: 1 };
    const part = cutOut(indices, this.#width, rectangle, 1);
    const transparent = part.includes(this.#transparent) ? this.#transparent : undefined;
    const frame = Buffer.concat([
      frameHeader({ rectangle, centiseconds: units, isCleared, transparent, localColors: undefined }),
      this.#compressor.compress(part, this.#indexBits),
    ]);
    this.#parts.push(frame);
    this.bytes += frame.length;
  }
}
