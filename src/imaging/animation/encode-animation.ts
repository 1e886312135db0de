import { setImmediate } from 'node:timers/promises';
import { type Attempt, firstThatFits } from '../first-that-fits.js';
import { ColorCounts, type Histogram } from '../gif/color-counts.js';
import { Palette } from '../gif/palette.js';
import { imageError } from '../image-error.js';
import { leastShown, resampleOpacity } from '../opacity.js';
import { resample } from '../resample.js';
import { type AnimationWriter, gifTime, pngTime, type WriterOptions, webpTime } from './animation-writer.js';
import { framesInUnits, type TimeUnit } from './frame-times.js';
import type { AnimationFrame } from './open-animation.js';
import { rgbaOfPicture, rgbOf } from './rgba-pixels.js';
import { sampleFrames } from './sample-frames.js';
import { GifWriter } from './write-gif.js';
import { PngWriter } from './write-png.js';
import { WebpWriter } from './write-webp.js';

/** The formats that animations are written in; a PNG that moves is an APNG. */
export type AnimationFormat = 'webp' | 'gif' | 'png';

/** An animation to be encoded, such as one that was opened. */
export interface FrameSource {
  /** How long each frame is shown in milliseconds. */
  readonly delaysMs: readonly number[];
  /** How often it is played; 0: for ever. */
  readonly loops: number;
  /**
   * Gives a frame; all are of one size. They are asked for one after the other, from the first to the last, and several
   * times over where the file has to be made smaller, so that no more than one is held.
   */
  frame(index: number): AnimationFrame | Promise<AnimationFrame>;
}

export interface EncodeAnimationOptions {
  readonly format: AnimationFormat;
  /** Largest size of the file in bytes: Discord's upload limit, say. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface EncodedAnimation {
  readonly bytes: Buffer;
  readonly format: AnimationFormat;
  readonly width: number;
  readonly height: number;
  /** Number of frames in the file; some may have been left out. */
  readonly frames: number;
  /** Quality of a WebP from 1 to 100. */
  readonly quality: number | undefined;
  /** Number of colours of the palette of a GIF or a PNG; undefined: it has none. */
  readonly colors: number | undefined;
}

/** How pixels are written: with a quality or a number of colours. */
interface Look {
  readonly quality?: number;
  readonly colors?: number;
  /** The bytes that a file has by its look, in proportion to the other looks of its format: measured. */
  readonly weight: number;
  /** Begins a file. */
  open(options: WriterOptions): AnimationWriter;
}

/** One way to write an animation. */
interface Rung {
  readonly look: Look;
  /** Factor by which both sides are scaled, 1 or less. */
  readonly scale: number;
  /** How many of the frames there are, as a share. */
  readonly frames: number;
}

const times: Readonly<Record<AnimationFormat, TimeUnit>> = { webp: webpTime, gif: gifTime, png: pngTime };

const webpWeights = { 90: 1, 80: 0.65, 70: 0.5, 60: 0.43, 50: 0.38 } as const;
const paletteWeights = { 256: 1, 128: 0.8, 64: 0.65 } as const;
const trueColorWeight = 2.5;

const scales = [0.85, 0.7, 0.6, 0.5, 0.4] as const;
const frameShares = [0.75, 0.5, 0.33, 0.25] as const;
const smallest = { scale: 0.2, frames: 0.25 } as const;

/** Exponent by which bytes grow with pixels: smaller pictures have denser detail. */
const areaExponent = 0.9;

/**
 * Encodes an animation within a number of bytes: with a lower quality or fewer colours first, then with fewer pixels, then
 * with fewer frames, evenly in time. Each frame begins to the hundredth of a second when it should, and the length and the
 * number of loops stay; frames for which a format or browsers have too little time are left out. All frames of a GIF share
 * one palette. What stands still in the frames does so in the file to the bit.
 * @throws `image/animation-over-budget` if it is too large however small it is made, or `image/no-memory-to-write` if there was
 *   too little memory for all that would fit; `image/not-finite`; RangeError if there are no frames; the signal's reason once it is aborted.
 */
export async function encodeAnimation(source: FrameSource, options: EncodeAnimationOptions): Promise<EncodedAnimation> {
  if (source.delaysMs.length === 0) throw new RangeError('Expected at least one frame, got none');
  const { maxBytes } = options;
  const rungs = ladder(await looksOf(source, options));
  const encoded = await firstThatFits(rungs, maxBytes, share, (rung) => attempt(source, options, rung));
  if (encoded !== undefined) return encoded;
  throw imageError(
    'animation-over-budget',
    `The animation cannot be made smaller than ${maxBytes} bytes; take fewer frames, or send it where larger files are allowed.`,
    { maxBytes },
  );
}

/** Returns the looks that a format has for these frames, from the best to the smallest. */
async function looksOf(source: FrameSource, { format, signal }: EncodeAnimationOptions): Promise<readonly Look[]> {
  if (format === 'webp') {
    return numbered(webpWeights).map(([quality, weight]) => ({
      quality,
      weight,
      open: (options) => new WebpWriter(options, quality),
    }));
  }
  const { histogram, hasOpacity } = await countColors(source, signal);
  const indexed = numbered(paletteWeights).map(([colors, weight]): Look => {
    const open = (options: WriterOptions) => {
      // One index stands for what was there before.
      const palette = new Palette(colors - 1);
      palette.learn(histogram);
      return format === 'gif' ? new GifWriter(options, palette, colors) : new PngWriter(options, palette);
    };
    return { colors, weight, open };
  });
  if (format === 'gif') return indexed;
  const trueColor: Look = { weight: trueColorWeight, open: (options) => new PngWriter(options, undefined) };
  // Opacity has no place in a palette.
  return [trueColor, ...(hasOpacity ? [] : indexed)];
}

/** Returns a table's numbers with their values, from the largest on. */
function numbered(table: Readonly<Record<number, number>>): readonly (readonly [number, number])[] {
  return Object.entries(table)
    .map(([number, value]) => [Number(number), value] as const)
    .reverse();
}

/** Goes through all frames once, for the colours that they have together. */
async function countColors(
  source: FrameSource,
  signal: AbortSignal | undefined,
): Promise<{ histogram: Histogram; hasOpacity: boolean }> {
  const counts = new ColorCounts();
  let hasOpacity = false;
  for (const index of source.delaysMs.keys()) {
    signal?.throwIfAborted();
    const { image, opacity } = await source.frame(index);
    const pixels = rgbaOfPicture(image, opacity);
    hasOpacity ||= opacity !== undefined;
    counts.add(rgbOf(pixels), opacity && ((pixel) => (opacity.data[pixel] as number) >= leastShown));
    await setImmediate();
  }
  return { histogram: counts.histogram(), hasOpacity };
}

function ladder(looks: readonly Look[]): readonly Rung[] {
  const [look] = looks.slice(-1);
  const leastScale = scales.at(-1) ?? 1;
  return [
    ...looks.map((each) => ({ look: each, scale: 1, frames: 1 })),
    ...[
      ...scales.map((scale) => ({ scale, frames: 1 })),
      ...frameShares.map((frames) => ({ scale: leastScale, frames })),
      smallest,
    ].flatMap((smaller) => (look === undefined ? [] : [{ look, ...smaller }])),
  ];
}

function share({ look, scale, frames }: Rung): number {
  return look.weight * frames * scale ** (2 * areaExponent);
}

async function attempt(
  source: FrameSource,
  { format, maxBytes, signal }: EncodeAnimationOptions,
  { look, scale, frames: frameShare }: Rung,
): Promise<Attempt<EncodedAnimation>> {
  const { delaysMs, loops } = source;
  const chosen = sampleFrames(delaysMs, Math.max(1, Math.round(frameShare * delaysMs.length)));
  const timed = framesInUnits(
    chosen.map(({ delayMs }) => delayMs),
    times[format],
  );
  let writer: AnimationWriter | undefined;
  let [width, height, firstBytes] = [0, 0, 0];
  for (const [number, { index, units }] of timed.entries()) {
    signal?.throwIfAborted();
    const frame = scaled(await source.frame(chosen[index]?.index ?? 0), scale);
    ({ width, height } = frame.image);
    writer ??= look.open({ width, height, loops });
    await writer.add(rgbaOfPicture(frame.image, frame.opacity), units);
    if (number === 0) firstBytes = writer.bytes;
    if (writer.bytes > maxBytes) {
      // The first frame has more than the others, of which only what changes is written.
      const meanBytes = (writer.bytes - firstBytes) / Math.max(1, number);
      return { estimatedBytes: Math.round(firstBytes + meanBytes * (timed.length - 1)) };
    }
    await setImmediate();
  }
  const bytes = writer?.finish() ?? Buffer.alloc(0);
  if (bytes.length > maxBytes) return { estimatedBytes: bytes.length };
  const { quality, colors } = look;
  return { file: { bytes, format, width, height, frames: timed.length, quality, colors } };
}

function scaled({ image, opacity }: AnimationFrame, scale: number): AnimationFrame {
  if (scale === 1) return { image, opacity };
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const [width, height] = [side(image.width), side(image.height)];
  return { image: resample(image, width, height), opacity: opacity && resampleOpacity(opacity, width, height) };
}
