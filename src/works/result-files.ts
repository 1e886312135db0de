import type { ComputedFile, ComputeResult } from '../compute/compute.js';
import { encodeWithin } from '../imaging/encode-within.js';
import type { Frames } from '../imaging/gif/writer.js';
import { encodeGif } from '../imaging/gif.js';
import { ImageError } from '../imaging/image-error.js';
import type { RgbImage } from '../imaging/rgb-image.js';

export interface ResultFilesOptions {
  /** What each file may have. */
  readonly maxFileBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const mebibyte = 1024 * 1024;

/** Discord takes 25 MiB in one request; a little is left for what stands around the files. */
const maxBytesTogether = 24 * mebibyte;

/** More would not make an animation of this size any better, only slow to load. */
const maxGifBytes = 8 * mebibyte;

/**
 * A picture and its animation as files that one message takes. The animation gives way to the picture, and is missing where
 * it does not fit however small it is made.
 *
 * @throws PictureOverBudgetError where not even the picture fits; ImageError `not-finite`; the signal's reason.
 */
export async function encodeResultFiles(
  picture: RgbImage,
  frames: Frames,
  { maxFileBytes, signal }: ResultFilesOptions,
): Promise<Pick<ComputeResult, 'picture' | 'animation'>> {
  const { format, width, height, bytes } = await encodeWithin(picture, {
    maxBytes: Math.min(maxFileBytes, maxBytesTogether),
    signal,
  });
  const maxBytes = Math.min(maxFileBytes, maxGifBytes, maxBytesTogether - bytes.length);
  return { picture: { format, width, height, bytes }, animation: await encodeAnimation(frames, maxBytes, signal) };
}

async function encodeAnimation(
  frames: Frames,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<ComputedFile | undefined> {
  try {
    const { width, height, bytes } = await encodeGif(frames, { maxBytes, signal });
    return { format: 'gif', width, height, bytes };
  } catch (error) {
    if (error instanceof ImageError && error.code === 'gif-over-budget') return undefined;
    throw error;
  }
}
