import { isCoded } from '../coded-error.js';
import { encodeWithin } from '../imaging/encode-within.js';
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
  readonly picture: ResultFile;
  /** Animation as a GIF; undefined if none was recorded, or if it is too large however small it is made. */
  readonly animation: ResultFile | undefined;
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
 * the picture leaves.
 *
 * @throws CodedError `image/picture-over-budget` if not even the picture fits; `image/not-finite`; the signal's reason.
 */
export async function encodeResultFiles(
  { picture, opacity, frames }: Pick<Painting, 'picture' | 'opacity' | 'frames'>,
  { maxFileBytes, signal }: ResultFilesOptions,
): Promise<ResultFiles> {
  const { format, width, height, bytes } = await encodeWithin(picture, {
    maxBytes: Math.min(maxFileBytes, maxBytesTogether),
    opacity,
    signal,
  });
  const maxBytes = Math.min(maxFileBytes, maxGifBytes, maxBytesTogether - bytes.length);
  const animation = frames && (await encodeAnimation(frames, maxBytes, signal));
  return { picture: { format, width, height, bytes }, animation };
}

async function encodeAnimation(
  frames: Frames,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<ResultFile | undefined> {
  try {
    const { width, height, bytes } = await encodeGif(frames, { maxBytes, signal });
    return { format: 'gif', width, height, bytes };
  } catch (error) {
    if (isCoded(error, 'image', 'gif-over-budget')) return undefined;
    throw error;
  }
}
