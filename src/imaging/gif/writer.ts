import { setImmediate } from 'node:timers/promises';
import { leastShown, type Opacity } from '../opacity.js';
import { LzwCompressor } from './lzw.js';
import { EvolvingPalette } from './palette.js';

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
 * A pixel stays as the frame before shows it if that is up to this distance in RGB (of 255 steps a channel) from what
 * it should be. This is invisible in motion, and saves about a tenth of the file.
 */
const unchangedDistance = 6;

const extension = 0x21;
const trailer = 0x3b;

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
  const parts: Uint8Array[] = [fileHeader(width, height)];
  let bytes = parts[0]?.length ?? 0;
  for (const [number, picture] of pictures.entries()) {
    signal?.throwIfAborted();
    const quantised = palette.quantise(picture);
    // Where the first frame shows nothing, and all others leave it as it was, nothing is shown.
    if (opacity) leaveTransparent(opacity, quantised.indices, colors - 1);
    if (number > 0) leaveUnchanged(picture, shown, quantised.palette, quantised.indices, colors - 1);
    show(shown, quantised.palette, quantised.indices, colors - 1);
    const frame = [
      frameHeader(width, height, delaysMs[number] ?? 0, indexBits, number > 0 || opacity !== undefined),
      paddedPalette(quantised.palette, colors),
      compressor.compress(quantised.indices, indexBits),
    ];
    parts.push(...frame);
    bytes += frame.reduce((sum, part) => sum + part.length, 0);
    if (bytes >= maxBytes) return { estimatedBytes: Math.round((bytes / (number + 1)) * pictures.length) };
    await setImmediate();
  }
  return { bytes: Buffer.concat([...parts, Uint8Array.of(trailer)]) };
}

/** Marks the pixels that are not shown at all. */
function leaveTransparent(opacity: Opacity, indices: Uint8Array, unchanged: number): void {
  for (const [pixel, share] of opacity.data.entries()) if (share < leastShown) indices[pixel] = unchanged;
}

/** Marks the pixels that stay as they are shown: within the tolerance, or no worse than the palette could show them. */
function leaveUnchanged(
  picture: Uint8Array,
  shown: Uint8Array,
  palette: Uint8Array,
  indices: Uint8Array,
  unchanged: number,
): void {
  for (let pixel = 0; pixel < indices.length; pixel++) {
    if (indices[pixel] === unchanged) continue;
    const offset = 3 * pixel;
    const asShown = squaredDistance(picture, offset, shown, offset);
    const asQuantised = squaredDistance(picture, offset, palette, 3 * (indices[pixel] as number));
    if (asShown <= Math.max(unchangedDistance ** 2, asQuantised)) indices[pixel] = unchanged;
  }
}

function squaredDistance(a: Uint8Array, offsetA: number, b: Uint8Array, offsetB: number): number {
  const red = (a[offsetA] as number) - (b[offsetB] as number);
  const green = (a[offsetA + 1] as number) - (b[offsetB + 1] as number);
  const blue = (a[offsetA + 2] as number) - (b[offsetB + 2] as number);
  return red * red + green * green + blue * blue;
}

/** Adds a frame to `shown`, the picture that a viewer sees. */
function show(shown: Uint8Array, palette: Uint8Array, indices: Uint8Array, unchanged: number): void {
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const index = indices[pixel] as number;
    if (index === unchanged) continue;
    shown[3 * pixel] = palette[3 * index] as number;
    shown[3 * pixel + 1] = palette[3 * index + 1] as number;
    shown[3 * pixel + 2] = palette[3 * index + 2] as number;
  }
}

function paddedPalette(palette: Uint8Array, colors: number): Uint8Array {
  const padded = new Uint8Array(3 * colors);
  padded.set(palette);
  return padded;
}

/** Makes a file's header: signature, screen without palette, and the extension that makes browsers loop for ever. */
function fileHeader(width: number, height: number): Uint8Array {
  const screen = [...uint16(width), ...uint16(height), 0x70, 0, 0];
  const loop = [extension, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, ...uint16(0), 0];
  return Uint8Array.from([...Buffer.from('GIF89a'), ...screen, ...loop]);
}

/**
 * Makes the header of a frame: graphic control (leave the frame standing, delay, transparent index) and image
 * descriptor with a local palette.
 */
function frameHeader(
  width: number,
  height: number,
  delayMs: number,
  indexBits: number,
  transparent: boolean,
): Uint8Array {
  const keepStanding = 1 << 2;
  const flags = keepStanding | (transparent ? 1 : 0);
  const control = [extension, 0xf9, 4, flags, ...uint16(Math.round(delayMs / 10)), 2 ** indexBits - 1, 0];
  const descriptor = [0x2c, ...uint16(0), ...uint16(0), ...uint16(width), ...uint16(height), 0x80 | (indexBits - 1)];
  return Uint8Array.from([...control, ...descriptor]);
}

function uint16(value: number): [number, number] {
  return [value & 0xff, value >> 8];
}
