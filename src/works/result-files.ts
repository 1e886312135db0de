import { isCoded } from '../coded-error.js';
import { encodeWithin } from '../imaging/encode-within.js';
import type { Frames } from '../imaging/gif/writer.js';
import { encodeGif } from '../imaging/gif.js';
import type { Painting } from './work.js';

/** An encoded picture or animation. */
export interface ResultFile {
  /** `png`, `webp`, `jpeg` or `gif`. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** The files of a result. */
export interface ResultFiles {
  readonly picture: ResultFile;
  /** Undefined if the animation does not fit however small it is made, or if there is none. */
  readonly animation: ResultFile | undefined;
}

export interface ResultFilesOptions {
  /** What each file may have. */
  readonly maxFileBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const mebibyte = 1024 * 1024;

/** Discord takes 25 MiB in one request; a little is left for what stands around the files. */
const maxBytesTogether = 24 * mebibyte;

/** More would not make an animation of this size any better, only slow to load. */
export const maxGifBytes = 8 * mebibyte;

/**
 * A picture and its animation as files that one message takes. The animation gives way to the picture.
 *
 * @throws CodedError `image/picture-over-budget` if not even the picture fits; `image/not-finite`; the signal's reason.
 */
export async function encodeResultFiles(
  { picture, frames }: Pick<Painting, 'picture' | 'frames'>,
  { maxFileBytes, signal }: ResultFilesOptions,
): Promise<ResultFiles> {
  const { format, width, height, bytes } = await encodeWithin(picture, {
    maxBytes: Math.min(maxFileBytes, maxBytesTogether),
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
