import type { CodedError } from '../../coded-error.js';
import { confinedSharp } from '../confined-sharp.js';
import { type FrameSequence, type SequenceFrame, shownMs } from '../containers/frame-sequence.js';
import { readGifFrames } from '../containers/gif-frames.js';
import { readPngFrames } from '../containers/png-frames.js';
import { readContainer } from '../containers/read-container.js';
import { readWebpFrames } from '../containers/webp-frames.js';
import { type DecodeOptions, defaultMaxSide } from '../decode.js';
import { decodeSamples, layerOf, shrunkSamples } from '../decode-samples.js';
import { lacksMemory } from '../lacks-memory.js';
import { laidOver, type Opacity, paper } from '../opacity.js';
import { type PictureFormat, sniffFormat } from '../picture-format.js';
import { type OpenPicture, openPicture, undecodable } from '../picture-header.js';
import type { RgbImage } from '../rgb-image.js';
import { type AnimationLimits, checkSequence, defaultAnimationLimits } from './animation-limits.js';
import { FrameCanvas } from './frame-canvas.js';
import { type RgbaPixels, rgbaOf } from './rgba-pixels.js';
import { upright } from './upright.js';

export type AnimationOptions = DecodeOptions & Partial<AnimationLimits>;

/** An animation whose frames are decoded one by one, so that memory doesn't grow with their number. */
export interface Animation {
  readonly format: PictureFormat;
  /** Size of the canvas in the file in pixels: before scaling, with its EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  /** How long each frame is shown in milliseconds, as browsers do: 100 where the file says 10 or less. */
  readonly delaysMs: readonly number[];
  /** How often the animation is played; 0: for ever. */
  readonly loops: number;
  /**
   * Decodes a frame, composed with those before it as browsers do. Frames in their order cost least: for any other, those
   * that it is made of are decoded anew. Where the data of a frame is damaged, it leaves what was there before.
   * @throws `image/damaged` if the first frame is; `image/out-of-memory`; RangeError if there is no such frame.
   */
  frame(index: number): Promise<AnimationFrame>;
  /** How many frames turned out to be damaged by now, of those that had to be decoded. */
  readonly damagedFrames: number;
}

/** A frame of an animation, with what its canvas shows. */
export interface AnimationFrame {
  /** The picture upright, in sRGB, on white, with its longest side at most the `maxSide` that was asked for. */
  readonly image: RgbImage;
  /** The opacity, in the image's size; undefined if the frame is opaque. */
  readonly opacity: Opacity | undefined;
}

type ReadFrames = (bytes: Uint8Array, most: number) => FrameSequence | undefined;

/**
 * Formats whose animations are known. Sequences in AVIF are films of AV1, which nothing here decodes: an AVIF is a still,
 * as all programs show that it has beside its film.
 */
const readers: Partial<Readonly<Record<PictureFormat, ReadFrames>>> = {
  gif: readGifFrames,
  webp: readWebpFrames,
  png: readPngFrames,
};

/**
 * Opens an animated GIF, WebP or PNG, recognised by its bytes. All limits are held against its structure before a pixel
 * is decoded. Of a file that is cut off, those frames count that came whole, as in browsers.
 * @returns undefined where the file is a still, or has one frame.
 * @throws `image/…` with the codes of {@link openPicture}, `image/too-many-frames` or `image/too-many-frame-pixels`.
 */
export async function openAnimation(bytes: Uint8Array, options: AnimationOptions = {}): Promise<Animation | undefined> {
  const { maxSide = defaultMaxSide, ...limits } = options;
  const picture = await openPicture(bytes, limits);
  const allLimits = { ...defaultAnimationLimits, ...limits };
  const sequence = readers[picture.format]?.(bytes, allLimits.maxFrames + 1);
  if (sequence === undefined || sequence.frames.length < 2) return undefined;
  checkSequence(sequence, allLimits);
  const { format, orientation } = picture;
  const { width, height } = sequence;
  const damaged = new Set<SequenceFrame>();
  return {
    format,
    // The EXIF orientations from 5 on lay the picture on its side.
    ...(orientation >= 5 ? { width: height, height: width } : { width, height }),
    delaysMs: sequence.frames.map(({ delayMs }) => shownMs(delayMs)),
    loops: sequence.loops,
    frame: oneByOne(framesOf(picture, sequence, maxSide, (frame) => damaged.add(frame))),
    get damagedFrames() {
      return damaged.size;
    },
  };
}

/** What a file's structure tells of its movement. */
export interface Movement {
  /** Whether it moves: of one that does, the first frame counts where a picture is wanted. */
  readonly moves: boolean;
  /** How many of its frames came whole, where the file is cut off or damaged behind them; undefined: none are lacking. */
  readonly cameWhole: number | undefined;
}

/** Looks at a file's structure for movement, without decoding a pixel. What is no picture doesn't move. */
export function movementOf(bytes: Uint8Array): Movement {
  const format = knownFormat(bytes);
  if (format === undefined) return { moves: false, cameWhole: undefined };
  const sequence = readers[format]?.(bytes, defaultAnimationLimits.maxFrames);
  const cameWhole = sequence?.cutOff ? sequence.frames.length : undefined;
  return { moves: readContainer(bytes, format).animated, cameWhole };
}

function knownFormat(bytes: Uint8Array): PictureFormat | undefined {
  try {
    return sniffFormat(bytes);
  } catch {
    return undefined;
  }
}

/** Has calls wait for each other, since all frames are made on one canvas. */
function oneByOne<T>(decode: (index: number) => Promise<T>): (index: number) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (index) => {
    const result = last.then(() => decode(index));
    last = result.catch(() => undefined);
    return result;
  };
}

function framesOf(
  picture: OpenPicture,
  sequence: FrameSequence,
  maxSide: number,
  onDamaged: (frame: SequenceFrame) => void,
): (index: number) => Promise<AnimationFrame> {
  const { width, height, frames } = sequence;
  const canvas = new FrameCanvas(sequence, (frame) =>
    pixelsOf(picture, frame, (error) => {
      if (frame === frames[0]) throw error;
      onDamaged(frame);
    }),
  );
  return async (index) => {
    if (frames[index] === undefined)
      throw new RangeError(`Expected a frame from 0 to ${frames.length - 1}, got ${index}`);
    await canvas.show(index);
    const shown = confinedSharp(canvas.pixels, { raw: { width, height, channels: 4 } });
    const { image, opacity } = layerOf(await shrunkSamples(upright(shown, picture.orientation), maxSide), undefined);
    if (opacity === undefined || opacity.data.every((share) => share === 1)) return { image, opacity: undefined };
    return { image: laidOver(image, opacity, paper), opacity };
  };
}

/**
 * Decodes a frame alone.
 * @param onDamaged - hears that its data is damaged, and may throw.
 * @returns undefined if there is nothing to be seen of it.
 */
async function pixelsOf(
  { format, space, hasProfile, encoding }: OpenPicture,
  { width, height, still }: SequenceFrame,
  onDamaged: (error: CodedError) => void,
): Promise<RgbaPixels | undefined> {
  if (width === 0 || height === 0) return undefined;
  const alone = { bytes: still(), width, height, margins: undefined, space, hasProfile, encoding };
  try {
    const samples = await decodeSamples(alone, Math.max(width, height));
    if (samples.width !== width || samples.height !== height) throw new Error('The frame has another size');
    return rgbaOf(samples, encoding);
  } catch (error) {
    if (lacksMemory(error)) throw undecodable(format, error);
    onDamaged(undecodable(format, error));
    return undefined;
  }
}
