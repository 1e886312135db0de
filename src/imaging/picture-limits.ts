import { imageError } from './image-error.js';
import type { PictureFormat } from './picture-format.js';

/** Limits on pictures that are accepted, judged before a pixel is decoded. */
export interface PictureLimits {
  readonly maxBytes: number;
  /** Largest number of pixels, width times height; an AVIF may have two fifths of it. */
  readonly maxPixels: number;
  readonly maxSourceSide: number;
  readonly minSourceSide: number;
  /** Largest ratio of the long side to the short one. */
  readonly maxAspectRatio: number;
}

export const defaultPictureLimits: PictureLimits = {
  maxBytes: 25 * 1024 * 1024,
  maxPixels: 50_000_000,
  maxSourceSide: 16_384,
  minSourceSide: 16,
  maxAspectRatio: 8,
};

/**
 * Share of the pixels of other formats that an AVIF may have. AVIF is decoded as a whole and takes about 20 bytes a
 * pixel, where the others take 1 to 9: with this share it takes as much memory.
 */
const avifPixelsShare = 0.4;

/** Holds a file's size against the limits. @throws `image/too-many-bytes`. */
export function checkBytes(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  const mebibytes = (maxBytes / 1024 / 1024).toFixed(maxBytes < 1024 * 1024 ? 2 : 0);
  throw imageError(
    'too-many-bytes',
    `This file is larger than ${mebibytes} MiB; please send a smaller one, a JPEG for example.`,
    { bytes, maxBytes },
  );
}

/**
 * Holds a picture's size against the limits.
 * @throws `image/too-small`, `image/too-large-side`, `image/too-many-pixels` or `image/extreme-aspect-ratio`.
 */
export function checkSize(
  { format, width, height }: { readonly format: PictureFormat; readonly width: number; readonly height: number },
  limits: PictureLimits,
): void {
  const { minSourceSide, maxSourceSide, maxAspectRatio } = limits;
  const maxPixels = Math.floor(limits.maxPixels * (format === 'avif' ? avifPixelsShare : 1));
  const size = `${width}×${height}`;
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short < minSourceSide) {
    throw imageError(
      'too-small',
      `This picture is only ${size} pixels; please send one of at least ${minSourceSide}×${minSourceSide}.`,
      { width, height, minSide: minSourceSide },
    );
  }
  if (long > maxSourceSide) {
    throw imageError(
      'too-large-side',
      `This picture is ${size} pixels; please scale it down to at most ${maxSourceSide} a side.`,
      { width, height, maxSide: maxSourceSide },
    );
  }
  if (width * height > maxPixels) {
    throw imageError(
      'too-many-pixels',
      `This picture has ${size} pixels; please scale it down to at most ${Math.floor(maxPixels / 1e6)} megapixels.`,
      { width, height, maxPixels },
    );
  }
  if (long > short * maxAspectRatio) {
    throw imageError(
      'extreme-aspect-ratio',
      `This picture is ${size} pixels, which is too narrow; please crop it to at most ${maxAspectRatio}:1.`,
      { width, height, maxAspectRatio },
    );
  }
}
