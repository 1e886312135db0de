import { extname } from 'node:path';
import { CodedError, isCoded } from '../coded-error.js';
import { type AnimationFormat, encodeAnimation } from '../imaging/animation/encode-animation.js';
import { encodePicture, formatOfFileName } from '../imaging/encode.js';
import type { Painting } from '../works/work.js';
import { maxFileBytes } from './picture-files.js';

/** The file of a result. */
export interface EncodedResult {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** How many frames it has; 1 for a still. */
  readonly frames: number;
}

/** Makes the file of a result. */
export type ResultEncoding = (painting: Pick<Painting, 'picture' | 'opacity' | 'animation'>) => Promise<EncodedResult>;

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
  const format = asUsage(() => formatOfFileName(out));
  return async ({ picture, opacity }) => {
    const { width, height } = picture;
    return { bytes: await encodePicture(picture, format, { opacity }), width, height, frames: 1 };
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
  return ({ picture, opacity, animation }) =>
    encodeAnimation(
      // Where painting was stopped early, there may be a single frame.
      animation ?? { delaysMs: [100], loops: 0, frame: () => ({ image: picture, opacity }) },
      // So it can be read again.
      { format, maxBytes: maxFileBytes },
    );
}

function asUsage<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (isCoded(error, 'image')) throw new CodedError('usage', 'unknown-format', error.message);
    throw error;
  }
}
