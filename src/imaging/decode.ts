import { decodeSamples, layerOf } from './decode-samples.js';
import { laidOver, type Opacity, paper } from './opacity.js';
import type { PictureFormat } from './picture-format.js';
import { openPicture, undecodable } from './picture-header.js';
import type { PictureLimits } from './picture-limits.js';
import type { RgbImage } from './rgb-image.js';

export interface DecodeOptions extends Partial<PictureLimits> {
  /** The longest side in pixels that is needed; a larger picture is scaled down while it is decoded. */
  readonly maxSide?: number;
}

export interface DecodedPicture {
  readonly image: RgbImage;
  readonly format: PictureFormat;
  /** Size of the picture in the file, in pixels: before scaling, with its EXIF orientation applied. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  /** Whether the picture in the file moves; `image` is its first frame. */
  readonly animated: boolean;
}

/** Longest side by default, in pixels. No transfer is made in more, and a decoded picture takes at most 50 MB. */
export const defaultMaxSide = 2048;

/** A picture whose transparency is kept beside its colours. */
export interface DecodedLayer extends DecodedPicture {
  /** The opacity, in the image's size; undefined if the picture has no alpha channel. */
  readonly opacity: Opacity | undefined;
}

/**
 * Decodes the first frame of a JPEG, PNG, WebP, GIF, AVIF or TIFF, recognised by its bytes, whatever its name or
 * declared type. It comes upright, in sRGB, transparency on white, with its longest side at most `maxSide` (2048
 * pixels) and never enlarged. All limits are held against the header before pixels are decoded, so a decompression bomb
 * costs no more than its download.
 * @throws `image/…` with the codes of {@link openPicture} and a sentence for the person who sent the picture.
 */
export async function decodePicture(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedPicture> {
  const { image, opacity, ...source } = await decodeLayer(bytes, options);
  return { ...source, image: opacity ? laidOver(image, opacity, paper) : image };
}

/** Decodes a picture as {@link decodePicture} does, but keeps its transparency apart. */
export async function decodeLayer(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedLayer> {
  const { maxSide = defaultMaxSide, ...limits } = options;
  const picture = await openPicture(bytes, limits);
  const { format, width, height, animated } = picture;
  const samples = await decodeSamples(picture, maxSide).catch((error: unknown) => {
    throw undecodable(format, error);
  });
  return { ...layerOf(samples, picture.encoding), format, sourceWidth: width, sourceHeight: height, animated };
}
