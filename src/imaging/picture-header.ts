import type { CodedError } from '../coded-error.js';
import { confinedSharp } from './confined-sharp.js';
import type { Container } from './containers/container.js';
import { readContainer } from './containers/read-container.js';
import { imageError } from './image-error.js';
import { type PictureFormat, sniffFormat } from './picture-format.js';

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

/** What is known about a picture before it is decoded. */
export interface PictureHeader {
  readonly format: PictureFormat;
  /** Width in pixels; it and the height are those of the picture as seen, with its EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  /** Whether the picture moves; only its first frame is decoded. */
  readonly animated: boolean;
}

/** A picture that is within the limits, ready to be decoded. */
export interface OpenPicture extends PictureHeader {
  /** The file, reduced to its first picture. */
  readonly bytes: Uint8Array;
  /** libvips' name of the colour space that the file is in: `srgb`, `b-w`, `cmyk`, `rgb16`, … */
  readonly space: string;
}

/**
 * Opens a picture: finds its format by its bytes, reads its header, and holds both against the limits. This is cheap,
 * whatever the file claims to be, since no pixel is decoded.
 * @throws `image/empty`, `image/not-an-image`, `image/unsupported-format`, `image/too-many-bytes`, `image/truncated`,
 *   `image/damaged`, `image/too-small`, `image/too-large-side`, `image/too-many-pixels` or
 *   `image/extreme-aspect-ratio`.
 */
export async function openPicture(bytes: Uint8Array, limits: Partial<PictureLimits> = {}): Promise<OpenPicture> {
  const allLimits = { ...defaultPictureLimits, ...limits };
  checkBytes(bytes.length, allLimits.maxBytes);
  const format = sniffFormat(bytes);
  const container = readContainer(bytes, format);
  if (!container.complete) {
    throw imageError(
      'truncated',
      `The end of this ${displayName(format)} picture is missing; please upload it again.`,
      { format },
    );
  }
  const picture: OpenPicture = {
    format,
    ...(await readHeader(container, format)),
    animated: container.animated,
    bytes: container.firstPicture,
  };
  checkSize(picture, allLimits);
  return picture;
}

/** A format's name as people write it. */
function displayName(format: PictureFormat): string {
  return format === 'webp' ? 'WebP' : format.toUpperCase();
}

/** Makes the error for a picture whose header or pixels the decoder gives up on. */
export function damaged(format: PictureFormat, cause: unknown): CodedError {
  return imageError(
    'damaged',
    `This ${displayName(format)} picture is damaged or of a rare kind; please open it, save it anew and try again.`,
    { format },
    cause,
  );
}

async function readHeader(
  container: Container,
  format: PictureFormat,
): Promise<{ width: number; height: number; space: string }> {
  try {
    // The number of pixels is limited by checkSize, with an error that says so.
    const options = { failOn: 'error', limitInputPixels: false, pages: 1 } as const;
    const { width, height, space, orientation = 1 } = await confinedSharp(container.firstPicture, options).metadata();
    // The EXIF orientations from 5 on lay the picture on its side.
    return orientation >= 5 ? { width: height, height: width, space } : { width, height, space };
  } catch (error) {
    throw damaged(format, error);
  }
}

function checkBytes(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  const mebibytes = (maxBytes / 1024 / 1024).toFixed(maxBytes < 1024 * 1024 ? 2 : 0);
  throw imageError(
    'too-many-bytes',
    `This file is larger than ${mebibytes} MiB; please send a smaller one, a JPEG for example.`,
    { bytes, maxBytes },
  );
}

function checkSize({ format, width, height }: PictureHeader, limits: PictureLimits): void {
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
