import { confinedSharp } from './confined-sharp.js';
import type { PictureFormat } from './picture-format.js';
import { damaged, type OpenPicture, openPicture, type PictureLimits } from './picture-header.js';
import { fromBytes } from './rgb-bytes.js';
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
const defaultMaxSide = 2048;

/** Colour behind transparent pixels: drawings with transparency are mostly made for paper and light pages. */
const background = '#ffffff';

/**
 * Decodes the first frame of a JPEG, PNG, WebP, GIF, AVIF or TIFF, recognised by its bytes, whatever its name or
 * declared type. It comes upright, in sRGB, transparency on white, with its longest side at most `maxSide` (2048
 * pixels) and never enlarged. All limits are held against the header before pixels are decoded, so a decompression bomb
 * costs no more than its download.
 * @throws `image/…` with the codes of {@link openPicture} and a sentence for the person who sent the picture.
 */
export async function decodePicture(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedPicture> {
  const { maxSide = defaultMaxSide, ...limits } = options;
  const picture = await openPicture(bytes, limits);
  const { format, width, height, animated } = picture;
  const image = await decodePixels(picture, maxSide).catch((error: unknown) => {
    throw damaged(format, error);
  });
  return { image, format, sourceWidth: width, sourceHeight: height, animated };
}

async function decodePixels(picture: OpenPicture, maxSide: number): Promise<RgbImage> {
  const pipeline = confinedSharp(picture.bytes, {
    pages: 1,
    autoOrient: true,
    limitInputPixels: picture.width * picture.height,
    // 'error' refuses what is cut off or undecodable and loads the many JPEGs that merely have a stray byte somewhere.
    failOn: 'error',
  });
  // sharp converts 16-bit RGB with a profile to Display P3 and leaves it there when it makes bytes of it, so colours
  // would be too dull. In a pipeline of bytes from the beginning, it is converted to sRGB like any other picture.
  if (picture.space === 'rgb16') pipeline.pipelineColourspace('srgb');
  const { data, info } = await pipeline
    .resize({
      width: maxSide,
      height: maxSide,
      fit: 'inside',
      withoutEnlargement: true,
      kernel: 'lanczos3',
      // The decoders' own scaling is coarser than Lanczos, so it may do only a part of the shrinking.
      fastShrinkOnLoad: false,
    })
    .flatten({ background })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return fromBytes(data, info.width, info.height, info.channels);
}
