import type { Sharp } from 'sharp';
import { confinedSharp } from './confined-sharp.js';
import { encodingError } from './encoding-error.js';
import { imageError } from './image-error.js';
import { laidOver, liftedOff, type Opacity, paper } from './opacity.js';
import { toBytes } from './rgb-bytes.js';
import type { RgbImage } from './rgb-image.js';

/** The formats that pictures are written in. */
export type OutputFormat = 'png' | 'jpeg' | 'webp' | 'avif';

export interface EncodeOptions {
  /** Quality from 1 to 100, for the formats with loss. At its default, each is hard to tell from the original. */
  readonly quality?: number;
  /**
   * The opacity of a picture that was laid over {@link paper}, in its size: it is lifted off again, and comes transparent.
   * In JPEG, which knows no transparency, it lies on paper. Default: the picture is opaque.
   */
  readonly opacity?: Opacity | undefined;
}

const defaultQuality: Readonly<Record<Exclude<OutputFormat, 'png'>, number>> = { jpeg: 92, webp: 90, avif: 70 };

const formatNames: Readonly<Record<OutputFormat, string>> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', avif: 'AVIF' };

const formatsByExtension: Readonly<Record<string, OutputFormat>> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
  avif: 'avif',
};

/** The most pixels that a side of a file may have: what WebP and the libraries for JPEG and AVIF allow. PNG allows what memory does. */
const largestSides: Readonly<Record<OutputFormat, number>> = {
  png: Number.POSITIVE_INFINITY,
  jpeg: 65_500,
  webp: 16_383,
  avif: 16_384,
};

/** Tells whether a picture of some size can be written in a format. */
export function isWritable({ width, height }: Pick<RgbImage, 'width' | 'height'>, format: OutputFormat): boolean {
  return Math.max(width, height) <= largestSides[format];
}

/** Checks that a picture of some size can be written in a format. @throws `image/too-large-for-format`. */
export function requireWritable(size: Pick<RgbImage, 'width' | 'height'>, format: OutputFormat): void {
  if (isWritable(size, format)) return;
  const { width, height } = size;
  const largest = largestSides[format];
  const message =
    `A picture of ${width}×${height} is too large for ${formatNames[format]}, whose sides have ${largest} pixels at most; ` +
    'please write it as PNG, or take a smaller size.';
  throw imageError('too-large-for-format', message, { width, height, format, largest });
}

/**
 * Encodes a picture as a file in sRGB, its values clamped to [0, 1], with no metadata: what came in with a photograph
 * (place, time, camera) does not go out with the result.
 * @throws `image/not-finite` if a value is not a finite number; `image/no-memory-to-write`; `image/too-large-for-format`.
 */
export async function encodePicture(
  image: RgbImage,
  format: OutputFormat,
  options: EncodeOptions = {},
): Promise<Buffer> {
  requireWritable(image, format);
  try {
    return await encoded(image, format, options);
  } catch (error) {
    throw encodingError(error);
  }
}

function encoded(image: RgbImage, format: OutputFormat, options: EncodeOptions): Promise<Buffer> {
  const picture = rawPicture(image, format, options.opacity);
  // Filters make files two fifths smaller, in as much time as the highest level without them, which saves two hundredths.
  if (format === 'png') return picture.png({ compressionLevel: 6, adaptiveFiltering: true }).toBuffer();
  const quality = options.quality ?? defaultQuality[format];
  // Colours keep their full resolution: brush strokes in saturated colours fray at half of it.
  const chromaSubsampling = '4:4:4';
  if (format === 'jpeg') return picture.jpeg({ quality, chromaSubsampling }).toBuffer();
  // The next effort takes six times as long for three percent fewer bytes.
  if (format === 'avif') return picture.avif({ quality, chromaSubsampling, effort: 3 }).toBuffer();
  return picture.webp({ quality, smartSubsample: true }).toBuffer();
}

function rawPicture(image: RgbImage, format: OutputFormat, opacity: Opacity | undefined): Sharp {
  const { width, height } = image;
  const opaque = (picture: RgbImage) => confinedSharp(toBytes(picture), { raw: { width, height, channels: 3 } });
  if (!opacity) return opaque(image);
  const lifted = liftedOff(image, opacity, paper);
  if (format === 'jpeg') return opaque(laidOver(lifted, opacity, paper));
  const alpha = new Uint8Array(opacity.data.length).map((_, i) => Math.round(255 * (opacity.data[i] as number)));
  return opaque(lifted).joinChannel(Buffer.from(alpha.buffer), { raw: { width, height, channels: 1 } });
}

/**
 * Returns the format that a file name asks for by its extension.
 * @throws `image/unknown-extension` for any extension other than .png, .jpg, .jpeg, .webp and .avif.
 */
export function formatOfFileName(name: string): OutputFormat {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(formatsByExtension, extension) ? formatsByExtension[extension] : undefined;
  if (format !== undefined) return format;
  const allowed = Object.keys(formatsByExtension)
    .map((known) => `.${known}`)
    .join(', ');
  throw imageError(
    'unknown-extension',
    `A picture cannot be written as "${name}"; please end its name with one of ${allowed}.`,
    { name, extension, allowed },
  );
}
