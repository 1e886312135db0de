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
  /** The picture's own size in pixels as it is seen, before scaling: with its EXIF orientation applied. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  /** Whether the source moves; `image` is its first frame. */
  readonly animated: boolean;
}

/** No transfer is made in more; it also bounds the memory that a decoded picture holds to 50 MB. */
const defaultMaxSide = 2048;

/** What shines through transparent pixels. Drawings with transparency are mostly made for paper and light pages. */
const background = '#ffffff';

/**
 * Decodes a JPEG, PNG, WebP, GIF, AVIF or TIFF by its bytes, whatever its name or declared type: its first frame,
 * upright, in sRGB, transparency on white, with its longest side at most `maxSide` (2048 pixels) and never enlarged.
 * All limits are held against the header before pixels are decoded, so a bomb costs no more than its download.
 *
 * @throws `image/…` with a code and a sentence for the person who sent the picture, see {@link openPicture}.
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
  // sharp takes 16-bit RGB with a profile to Display P3 and leaves it there when it makes bytes of it: they would be too
  // dull. As bytes from the beginning, it is taken to sRGB like any other picture.
  if (picture.space === 'rgb16') pipeline.pipelineColourspace('srgb');
  const { data, info } = await pipeline
    .resize({
      width: maxSide,
      height: maxSide,
      fit: 'inside',
      withoutEnlargement: true,
      kernel: 'lanczos3',
      // The decoders' own scaling is coarser than Lanczos, so it may do only a part of the way.
      fastShrinkOnLoad: false,
    })
    .flatten({ background })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return fromBytes(data, info.width, info.height, info.channels);
}
