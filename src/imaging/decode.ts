import type { Sharp } from 'sharp';
import { toSrgb } from './colors/to-srgb.js';
import { confinedSharp } from './confined-sharp.js';
import { laidOver, type Opacity, paper } from './opacity.js';
import type { PictureFormat } from './picture-format.js';
import { damaged, type OpenPicture, openPicture } from './picture-header.js';
import type { PictureLimits } from './picture-limits.js';
import { channelOf, fromBytes } from './rgb-bytes.js';
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
  const pixels = await decodePixels(picture, maxSide).catch((error: unknown) => {
    throw damaged(format, error);
  });
  return { ...pixels, format, sourceWidth: width, sourceHeight: height, animated };
}

async function decodePixels(picture: OpenPicture, maxSide: number): Promise<Pick<DecodedLayer, 'image' | 'opacity'>> {
  const { encoding, space } = picture;
  // Bytes are too coarse for what is converted afterwards, if there is more.
  const isDeep = encoding !== undefined && space.endsWith('16');
  const { data, info } = await (await wholeCanvas(picture, isDeep))
    .resize({
      width: maxSide,
      height: maxSide,
      fit: 'inside',
      withoutEnlargement: true,
      kernel: 'lanczos3',
      // The decoders' own scaling is coarser than Lanczos, so it may do only a part of the shrinking.
      fastShrinkOnLoad: false,
    })
    .toColourspace(isDeep ? 'rgb16' : 'srgb')
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const image = fromBytes(samples, width, height, channels);
  const hasAlpha = channels === 2 || channels === 4;
  return {
    image: encoding ? toSrgb(image, encoding) : image,
    opacity: hasAlpha ? { width, height, data: channelOf(samples, channels, channels - 1) } : undefined,
  };
}

/** Begins to decode a picture, with what lies around it on its canvas. */
async function wholeCanvas(picture: OpenPicture, isDeep: boolean): Promise<Sharp> {
  const { width, height, margins, space } = picture;
  const pipeline = confinedSharp(picture.bytes, {
    pages: 1,
    autoOrient: margins === undefined,
    limitInputPixels: width * height,
    // 'error' refuses what is cut off or undecodable and loads the many JPEGs that merely have a stray byte somewhere.
    failOn: 'error',
  });
  // sharp converts 16-bit RGB with a profile to Display P3 and leaves it there when it makes bytes of it, so colours
  // would be too dull. In a pipeline of bytes from the beginning, it is converted to sRGB like any other picture.
  if (space.endsWith('16')) pipeline.pipelineColourspace(isDeep ? 'rgb16' : 'srgb');
  if (space === 'grey16' && picture.hasProfile && !isDeep) {
    // Whatever the profile of 16-bit grey says, sharp passes it over, but not that of bytes of grey.
    const bytes = await pipeline.toColourspace('b-w').keepIccProfile().tiff({ compression: 'none' }).toBuffer();
    return confinedSharp(bytes);
  }
  if (margins === undefined) return pipeline;
  // sharp extends pictures after it has scaled them, so that scaling takes a second pipeline.
  const { data, info } = await pipeline
    .ensureAlpha()
    .extend({ ...margins, background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return confinedSharp(data, { raw: info });
}
