import { isCoded } from '../coded-error.js';
import { encodeAnimation } from '../imaging/animation/encode-animation.js';
import { encodeWithin } from '../imaging/encode-within.js';
import { lacksMemoryToWrite } from '../imaging/encoding-error.js';
import { encodeGif } from '../imaging/gif/encode-gif.js';
import type { Frames } from '../imaging/gif/writer.js';
import type { Painting } from './work.js';

/** An encoded picture or animation. */
export interface ResultFile {
  /** Format of the file: `png`, `webp`, `jpeg` or `gif`. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** The files of a result, as they are sent to its person. */
export interface ResultFiles {
  /** The picture; where the content moves, it moves as well. */
  readonly picture: ResultFile;
  /**
   * How many painted frames the file shows, some of which may have been left out to make it fit, and how many the content
   * has; undefined for a still.
   */
  readonly frames?: { readonly painted: number; readonly inContent: number } | undefined;
  /**
   * Animation of how the picture came about, as a GIF; undefined if none was recorded, or if it is too large however small it
   * is made, or if there was too little memory to write it.
   */
  readonly animation: ResultFile | undefined;
  /** Whether there is no animation because there was too little memory to write it. */
  readonly animationLackedMemory?: boolean | undefined;
}

export interface ResultFilesOptions {
  /** Size that each file may have, in bytes. */
  readonly maxFileBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const mebibyte = 1024 * 1024;

/** Most bytes of all files together: Discord takes 25 MiB in one request, and the rest of the message needs some. */
const maxBytesTogether = 24 * mebibyte;

/** Most bytes of an animation: more would not make it any better, only slow to load. */
export const maxGifBytes = 8 * mebibyte;

/**
 * Encodes a picture and its animation as files that fit into one message. Where both don't fit, the animation gets what
 * the picture leaves. A content that moves has become one file, a WebP, which all of Discord's clients play.
 *
 * @throws CodedError `image/picture-over-budget` if not even the picture fits, `image/animation-over-budget` if it
 *   moves; `image/no-memory-to-write`; `image/not-finite`; the signal's reason.
 */
export async function encodeResultFiles(
  { picture, opacity, frames, animation: moving }: Pick<Painting, 'picture' | 'opacity' | 'frames' | 'animation'>,
  { maxFileBytes, signal }: ResultFilesOptions,
): Promise<ResultFiles> {
  const most = Math.min(maxFileBytes, maxBytesTogether);
  if (moving) {
    const encoded = await encodeAnimation(moving, { format: 'webp', maxBytes: most, signal });
    const { format, width, height, bytes, frames: painted } = encoded;
    const told = { painted, inContent: moving.framesInContent };
    return { picture: { format, width, height, bytes }, frames: told, animation: undefined };
  }
  const { format, width, height, bytes } = await encodeWithin(picture, { maxBytes: most, opacity, signal });
  const maxBytes = Math.min(maxFileBytes, maxGifBytes, maxBytesTogether - bytes.length);
  const encoded = frames ? await encodeTransformation(frames, maxBytes, signal) : { animation: undefined };
  return { picture: { format, width, height, bytes }, ...encoded };
}

async function encodeTransformation(
  frames: Frames,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Pick<ResultFiles, 'animation' | 'animationLackedMemory'>> {
  try {
    const { width, height, bytes } = await encodeGif(frames, { maxBytes, signal });
    return { animation: { format: 'gif', width, height, bytes } };
  } catch (error) {
    if (isCoded(error, 'image', 'gif-over-budget')) return { animation: undefined };
    if (lacksMemoryToWrite(error)) return { animation: undefined, animationLackedMemory: true };
    throw error;
  }
}
