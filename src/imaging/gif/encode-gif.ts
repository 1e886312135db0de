import { firstThatFits } from '../first-that-fits.js';
import { imageError } from '../image-error.js';
import { resampleOpacity } from '../opacity.js';
import { resample } from '../resample.js';
import { fromBytes, toBytes } from '../rgb-bytes.js';
import { type Frames, writeGif } from './writer.js';

export interface EncodeGifOptions {
  /** Largest size of the file in bytes: Discord's upload limit, say. */
  readonly maxBytes: number;
  /** How long the first frame stands, before anything changes. */
  readonly holdFirstMs?: number;
  /** How long the last frame stands, which shows the result. */
  readonly holdLastMs?: number;
  /** How long the whole loop takes at most. */
  readonly maxDurationMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface EncodedGif {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  /** Number of frames in the file; some may have been left out. */
  readonly frames: number;
  /** How many colours a frame has at most. */
  readonly colors: number;
  /** How long one loop takes. */
  readonly durationMs: number;
}

/** One way to write a GIF; {@link ladder} lists them in the order in which they are tried. */
interface Rung {
  readonly frames: number;
  readonly colors: number;
  /** Factor by which both sides are scaled, 1 or less. */
  readonly scale: number;
}

/** Number of frames below which an animation is a slide show: colours and pixels are reduced before it has fewer. */
const minSmoothFrames = 16;
const minFrames = 8;
const maxStepMs = 150;
/** Shortest time that a frame stands: browsers show frames of less than 20 ms for 100 ms. */
const minStepMs = 20;

/**
 * Measured size of a GIF by its number of colours, in proportion to that at 256. The sizes of later attempts are
 * estimated from what was written, so only the proportions count.
 */
const sharesByColors: Readonly<Record<number, number>> = { 256: 1, 128: 0.8, 64: 0.65, 32: 0.53 };

/**
 * Exponent by which the bytes of a GIF grow with its pixels: at half the pixels, a GIF has a little more than half the
 * bytes, since smaller pictures have denser detail.
 */
const areaExponent = 0.9;

/**
 * Encodes the GIF of a transformation, which loops for ever: from the content, its first picture, to the result, its
 * last, on which it rests. It is fitted to the budget by fewer frames first, evenly left out, then fewer colours, then
 * fewer pixels. The first attempt tells how large the others will be, so that one or two more are enough.
 * @throws `image/gif-over-budget` if it is too large even with 8 frames, 32 colours and a fifth of its sides;
 *   `image/no-memory-to-write` if there was too little memory for all that would fit.
 * @throws RangeError if there are no frames; the signal's reason once it is aborted.
 */
export async function encodeGif(frames: Frames, options: EncodeGifOptions): Promise<EncodedGif> {
  if (frames.pictures.length === 0) throw new RangeError('Expected at least one frame, got none');
  const { maxBytes, signal } = options;
  const rungs = ladder(Math.min(frames.pictures.length, mostFrames(options)));
  const encoded = await firstThatFits(rungs, maxBytes, share, async (rung) => {
    const chosen = scaled(thinned(frames, rung.frames), rung.scale);
    const { width, height } = chosen;
    const delaysMs = delays(chosen.pictures.length, options);
    const written = await writeGif(chosen, { delaysMs, colors: rung.colors, maxBytes, signal });
    if (!('bytes' in written)) return written;
    const durationMs = delaysMs.reduce((sum, delay) => sum + delay, 0);
    return { file: { bytes: written.bytes, width, height, frames: delaysMs.length, colors: rung.colors, durationMs } };
  });
  if (encoded !== undefined) return encoded;
  throw imageError(
    'gif-over-budget',
    'The animation cannot be made small enough to be sent here; the picture itself is not affected.',
    { maxBytes },
  );
}

/** Lists all ways to write a GIF of up to `frames` frames, from the best to the smallest. */
function ladder(frames: number): readonly Rung[] {
  const rungs: Rung[] = [];
  const smooth = Math.min(frames, minSmoothFrames);
  for (let count = frames; count > smooth; count = Math.max(smooth, Math.floor(count * 0.9))) {
    rungs.push({ frames: count, colors: 256, scale: 1 });
  }
  for (const colors of [256, 128, 64]) rungs.push({ frames: smooth, colors, scale: 1 });
  for (const scale of [0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]) rungs.push({ frames: smooth, colors: 64, scale });
  rungs.push({ frames: Math.min(frames, minFrames), colors: 32, scale: 0.2 });
  return rungs;
}

/** The size of a GIF that is written as `rung` says, in proportion to those of other rungs. */
function share(rung: Rung): number {
  return rung.frames * (sharesByColors[rung.colors] ?? 1) * rung.scale ** (2 * areaExponent);
}

/** Keeps `count` of the frames at even distances, among them the first and the last. */
function thinned(frames: Frames, count: number): Frames {
  const last = frames.pictures.length - 1;
  if (count > last) return frames;
  const step = last / Math.max(1, count - 1);
  // Frames are counted from the end, so that a single one is the result.
  const kept = new Set(Array.from({ length: count }, (_, index) => last - Math.round(index * step)));
  return { ...frames, pictures: frames.pictures.filter((_, index) => kept.has(index)) };
}

function scaled(frames: Frames, scale: number): Frames {
  if (scale === 1) return frames;
  const width = Math.max(1, Math.round(frames.width * scale));
  const height = Math.max(1, Math.round(frames.height * scale));
  const pictures = frames.pictures.map((picture) =>
    toBytes(resample(fromBytes(picture, frames.width, frames.height), width, height)),
  );
  const opacity = frames.opacity && resampleOpacity(frames.opacity, width, height);
  return { width, height, pictures, opacity };
}

function timing(options: EncodeGifOptions): { firstMs: number; lastMs: number; betweenMs: number } {
  const firstMs = options.holdFirstMs ?? 600;
  const lastMs = options.holdLastMs ?? 1200;
  return { firstMs, lastMs, betweenMs: (options.maxDurationMs ?? 5000) - firstMs - lastMs };
}

/** The most frames that can be told apart in the time that the loop may take. */
function mostFrames(options: EncodeGifOptions): number {
  return 2 + Math.max(0, Math.floor(timing(options).betweenMs / minStepMs));
}

function delays(frames: number, options: EncodeGifOptions): number[] {
  const { firstMs, lastMs, betweenMs } = timing(options);
  if (frames === 1) return [lastMs];
  // GIF counts in steps of 10 ms.
  const stepMs = Math.min(maxStepMs, Math.floor(betweenMs / (frames - 2) / 10) * 10);
  return [firstMs, ...Array<number>(frames - 2).fill(stepMs), lastMs];
}
