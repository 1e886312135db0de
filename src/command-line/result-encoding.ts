import { extname } from 'node:path';
import { CodedError, isCoded } from '../coded-error.js';
import { isOutOfMemory } from '../engine/engine-error.js';
import { type AnimationFormat, encodeAnimation } from '../imaging/animation/encode-animation.js';
import { encodePicture, formatOfFileName, requireWritable } from '../imaging/encode.js';
import { type Opacity, resampleOpacity } from '../imaging/opacity.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { fitToLongerSide, smallerSide } from '../transfer/scales.js';
import type { Shrinkage } from '../works/shortfall.js';
import { smallestSize } from '../works/within-memory.js';
import type { Painting } from '../works/work.js';
import { maxFileBytes } from './picture-files.js';

/** The file of a result. */
export interface EncodedResult {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** How many frames it has; 1 for a still. */
  readonly frames: number;
  /** How much smaller it is than what was painted, because there was too little memory to write that. */
  readonly shrunk?: Shrinkage | undefined;
}

/** How a result is encoded. */
export interface ResultEncoding {
  /** Makes the file of a result. */
  readonly encode: (painting: Pick<Painting, 'picture' | 'opacity' | 'animation'>) => Promise<EncodedResult>;
  /** Checks whether a still of some size can be written. @throws CodedError `usage/too-large-for-format`. */
  readonly requireWritable: (size: Pick<RgbImage, 'width' | 'height'>) => void;
}

const animationFormats: Readonly<Record<string, AnimationFormat>> = { '.webp': 'webp', '.gif': 'gif', '.png': 'png' };

/**
 * Returns how a result is encoded, which the name of its file decides.
 * @param moves - whether the content moves; its result does, too.
 * @throws CodedError `usage/unknown-format`; `usage/still-format` if files of such a name can't move.
 */
export function resultEncoding(out: string, moves: boolean): ResultEncoding {
  return moves ? movingEncoding(out) : stillEncoding(out);
}

function stillEncoding(out: string): ResultEncoding {
  const format = asUsage('unknown-format', () => formatOfFileName(out));
  const encode: ResultEncoding['encode'] = async ({ picture, opacity }) => {
    const asked = Math.max(picture.width, picture.height);
    for (let made = asked; ; made = smallerSide(made)) {
      try {
        const sized = made === asked ? { picture, opacity } : resized(picture, opacity, made);
        const { width, height } = sized.picture;
        const bytes = await encodePicture(sized.picture, format, { opacity: sized.opacity });
        return { bytes, width, height, frames: 1, ...(made < asked && { shrunk: { asked, made } }) };
      } catch (error) {
        // What took minutes to paint isn't lost because it can't be written as large as it is.
        if (!isOutOfMemory(error) || smallerSide(made) < smallestSize) throw error;
      }
    }
  };
  return { encode, requireWritable: (size) => asUsage('too-large-for-format', () => requireWritable(size, format)) };
}

function resized(picture: RgbImage, opacity: Opacity | undefined, side: number) {
  const { width, height } = fitToLongerSide(picture, side);
  return {
    picture: resample(picture, width, height),
    opacity: opacity && resampleOpacity(opacity, width, height),
  };
}

function movingEncoding(out: string): ResultEncoding {
  const format = animationFormats[extname(out).toLowerCase()];
  if (format === undefined) {
    const sentence =
      `The content moves, and "${out}" could not: end its name with .webp, .gif or .png. ` +
      'One frame as a still is painted with --still 1.';
    throw new CodedError('usage', 'still-format', sentence);
  }
  const encode: ResultEncoding['encode'] = ({ picture, opacity, animation }) =>
    encodeAnimation(
      // Where painting was stopped early, there may be a single frame.
      animation ?? { delaysMs: [100], loops: 0, frame: () => ({ image: picture, opacity }) },
      // So it can be read again.
      { format, maxBytes: maxFileBytes },
    );
  // Frames are no larger than people may ask for, which every format that moves allows.
  return { encode, requireWritable: () => {} };
}

function asUsage<Value>(code: string, check: () => Value): Value {
  try {
    return check();
  } catch (error) {
    if (isCoded(error, 'image')) throw new CodedError('usage', code, error.message);
    throw error;
  }
}
