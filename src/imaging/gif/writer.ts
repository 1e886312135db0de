import { setImmediate } from 'node:timers/promises';
import { leastShown, type Opacity } from '../opacity.js';
import { fileHeader, frameHeader, paddedPalette, trailer } from './gif-blocks.js';
import { LzwCompressor } from './lzw.js';
import { EvolvingPalette } from './palette.js';
import { leaveUnchanged, show } from './shown-pixels.js';

/** Frames of one size, each 3 · width · height RGB bytes, interleaved. */
export interface Frames {
  readonly width: number;
  readonly height: number;
  readonly pictures: readonly Uint8Array[];
  /** The opacity of all pictures, in their size. Pixels of a GIF are shown or not. Undefined: all of them are. */
  readonly opacity?: Opacity | undefined;
}

export interface WriteGifOptions {
  /** How long each frame stands; GIF counts in steps of 10 ms. */
  readonly delaysMs: readonly number[];
  /** Size of the palette of a frame, a power of two from 4 to 256; one of its indices stands for "as before". */
  readonly colors: number;
  /** Size of the file in bytes at which writing stops. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** The finished file, or an estimate of how large it would have become, made from the frames that were written. */
export type WrittenGif = { readonly bytes: Buffer } | { readonly estimatedBytes: number };

/**
 * Writes an animated GIF (89a specification) that loops for ever. Every frame has a palette of its own, which follows
 * from that of the frame before, and leaves out (as transparent) the pixels that already look right. There is no
 * dithering: a picture with a style's texture needs none, and its noise would change from frame to frame.
 *
 * libvips writes GIFs as well, in four times as long, a fifth larger at the same quality, and with 256, 16 or 4 colours
 * and none in between.
 *
 * Writing gives way to the event loop between frames.
 * @throws the signal's reason once it is aborted.
 */
export async function writeGif(frames: Frames, options: WriteGifOptions): Promise<WrittenGif> {
  const { width, height, pictures, opacity } = frames;
  const { delaysMs, colors, maxBytes, signal } = options;
  const indexBits = Math.log2(colors);
  // The last index stands for "as before" and needs no colour.
  const palette = new EvolvingPalette(colors - 1);
  const compressor = new LzwCompressor();
  const shown = new Uint8Array(3 * width * height);
  const parts: Uint8Array[] = [fileHeader(width, height, 0)];
  let bytes = parts[0]?.length ?? 0;
  for (const [number, picture] of pictures.entries()) {
    signal?.throwIfAborted();
    const quantised = palette.quantise(picture);
    // Where the first frame shows nothing, and all others leave it as it was, nothing is shown.
    if (opacity) leaveTransparent(opacity, quantised.indices, colors - 1);
    if (number > 0) leaveUnchanged(picture, shown, quantised.palette, quantised.indices, colors - 1);
    show(shown, quantised.palette, quantised.indices, colors - 1);
    const frame = [
      frameHeader({
        rectangle: { left: 0, top: 0, width, height },
        centiseconds: Math.round((delaysMs[number] ?? 0) / 10),
        isCleared: false,
        transparent: number > 0 || opacity !== undefined ? colors - 1 : undefined,
        localColors: colors,
      }),
      paddedPalette(quantised.palette, colors),
      compressor.compress(quantised.indices, indexBits),
    ];
    parts.push(...frame);
    bytes += frame.reduce((sum, part) => sum + part.length, 0);
    if (bytes >= maxBytes) return { estimatedBytes: Math.round((bytes / (number + 1)) * pictures.length) };
    await setImmediate();
  }
  return { bytes: Buffer.concat([...parts, trailer]) };
}

/** Marks the pixels that are not shown at all. */
function leaveTransparent(opacity: Opacity, indices: Uint8Array, unchanged: number): void {
  for (const [pixel, share] of opacity.data.entries()) if (share < leastShown) indices[pixel] = unchanged;
}
