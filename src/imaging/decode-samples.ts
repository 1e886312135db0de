import type { Sharp } from 'sharp';
import type { ColorEncoding } from './colors/color-encoding.js';
import { toSrgb } from './colors/to-srgb.js';
import { confinedSharp } from './confined-sharp.js';
import type { Opacity } from './opacity.js';
import type { OpenPicture } from './picture-header.js';
import { channelOf, fromBytes } from './rgb-bytes.js';
import type { RgbImage } from './rgb-image.js';

/** What a decoder gives: the channels of a pixel side by side. */
export interface Samples {
  /** Numbers of 8 or 16 bits; these are in sRGB, unless the picture has another encoding that is still to be converted. */
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for RGB, and one more for the opacity. */
  readonly channels: number;
}

/** What is decoded of an {@link OpenPicture}. */
type Source = Pick<OpenPicture, 'bytes' | 'width' | 'height' | 'margins' | 'space' | 'hasProfile' | 'encoding'>;

/** Decodes a picture, with what lies around it on its canvas, scaled down to this longest side. */
export async function decodeSamples(picture: Source, maxSide: number): Promise<Samples> {
  const { encoding, space } = picture;
  // Bytes are too coarse for what is converted afterwards, if there is more.
  const isDeep = encoding !== undefined && space.endsWith('16');
  return shrunkSamples(await wholeCanvas(picture, isDeep), maxSide, isDeep);
}

/** Scales a picture down to this longest side, and gives its samples. */
export async function shrunkSamples(pipeline: Sharp, maxSide: number, isDeep = false): Promise<Samples> {
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
    .toColourspace(isDeep ? 'rgb16' : 'srgb')
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return {
    data: isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data,
    width,
    height,
    channels,
  };
}

/** Makes a picture of samples, in sRGB. @returns its opacity, too; undefined if they have no such channel. */
export function layerOf(
  { data, width, height, channels }: Samples,
  encoding: ColorEncoding | undefined,
): { image: RgbImage; opacity: Opacity | undefined } {
  const image = fromBytes(data, width, height, channels);
  const hasAlpha = channels === 2 || channels === 4;
  return {
    image: encoding ? toSrgb(image, encoding) : image,
    opacity: hasAlpha ? { width, height, data: channelOf(data, channels, channels - 1) } : undefined,
  };
}

/** Begins to decode a picture, with what lies around it on its canvas. */
async function wholeCanvas(picture: Source, isDeep: boolean): Promise<Sharp> {
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
