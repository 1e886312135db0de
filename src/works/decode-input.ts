import { about, isCoded } from '../coded-error.js';
import { type DecodedLayer, type DecodeOptions, decodeLayer, decodePicture } from '../imaging/decode.js';
import { laidOver, liftedOff, type Opacity, paper, type Rgb, resampleOpacity } from '../imaging/opacity.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { masksByColor, type StyleColor } from '../transfer/area/colored-mask.js';
import { type Mask, maskFromPicture } from '../transfer/area/mask.js';
import { maskError } from '../transfer/area/mask-error.js';
import { fitToLongerSide } from '../transfer/scales.js';
import type { InputName, Inputs } from './work.js';

/**
 * Decodes one of a task's pictures, and returns it as RGB in [0, 1].
 * @param maxSide - a picture whose longer side has more pixels is shrunk to about that.
 * @throws `image/…` if the picture can't be used: the message names its file, if there is one, and the context has the
 *   picture's name as `input`.
 */
export async function decodeInput(inputs: Inputs, input: InputName, maxSide: number): Promise<RgbImage> {
  return (await decoded(decodePicture, inputs, input, maxSide)).image;
}

/** A task's style on paper, and what is to be told of it. */
export interface DecodedStyle {
  readonly picture: RgbImage;
  /** Whether it moves: then the picture is its first frame. */
  readonly moves: boolean;
  /** Whether paper is seen of which its statistics have a part that matters. */
  readonly isTransparent: boolean;
}

/** The share of a style that may be transparent, such as round corners, without changing what it is painted like. */
const unseenShare = 0.01;

/** Decodes one of a task's styles, as {@link decodeInput} does. */
export async function decodeStyle(inputs: Inputs, input: InputName, maxSide: number): Promise<DecodedStyle> {
  return styleOf(await decoded(decodeLayer, inputs, input, maxSide));
}

/** Lays a style on paper. */
export function styleOf({ image, opacity, animated }: DecodedLayer): DecodedStyle {
  if (!opacity) return { picture: image, moves: animated, isTransparent: false };
  const seen = opacity.data.reduce((sum, share) => sum + share, 0) / opacity.data.length;
  return { picture: laidOver(image, opacity, paper), moves: animated, isTransparent: 1 - seen > unseenShare };
}

/** A content on paper, and the opacity that its painting is to get. */
export interface Content {
  readonly image: RgbImage;
  /** The opacity in the image's size; undefined if the painting is opaque as well. */
  readonly opacity: Opacity | undefined;
}

/**
 * Decodes a task's content, as {@link decodeInput} decodes other pictures.
 * @param background - the colour that transparency is laid over for good. Default: it lies on paper and is given back to
 *   the painting as its opacity.
 */
export async function decodeContent(inputs: Inputs, maxSide: number, background?: Rgb): Promise<Content> {
  const { image, opacity } = await decoded(decodeLayer, inputs, 'content', maxSide);
  if (!opacity?.data.some((share) => share < 1)) return { image, opacity: undefined };
  return { image: laidOver(image, opacity, background ?? paper), opacity: background ? undefined : opacity };
}

/**
 * Returns a content's own colours, as painters see them, at the size that is painted: where something shows through, they
 * are those above it. What can't be seen is paper.
 */
export function ownColors({ image, opacity }: Content, size: number): RgbImage {
  if (opacity === undefined) return image;
  const { width, height } = fitToLongerSide(image, size);
  // Shrunk afterwards, colours beside what can't be seen would be mixed with the paper, and leave a rim of it.
  return liftedOff(resample(image, width, height), resampleOpacity(opacity, width, height), paper);
}

/** Lays what painters made of a content's own colours on paper, where pictures with an opacity lie. */
export function backOnPaper(picture: RgbImage, opacity: Opacity | undefined): RgbImage {
  return opacity ? laidOver(picture, resampleOpacity(opacity, picture.width, picture.height), paper) : picture;
}

/**
 * Decodes a task's mask, as {@link decodeInput} decodes other pictures.
 * @throws `mask/everything-styled`, too, if the mask is white everywhere: somebody who gives a mask wants to keep something.
 */
export async function decodeMask(inputs: Inputs, maxSide: number): Promise<Mask> {
  const { image, opacity } = await decoded(decodeLayer, inputs, 'mask', maxSide);
  const mask = maskFromPicture(image, opacity?.data);
  if (mask.data.some((share) => share < 1)) return mask;
  throw maskError(
    'everything-styled',
    'The mask is white everywhere, so that nothing would be kept. Paint black where the picture is to stay, or leave the mask out.',
  );
}

/**
 * Decodes a task's mask in which colours say where styles go, as {@link decodeInput} decodes other pictures.
 * @returns a mask for each colour, in their order.
 * @throws `mask/…`, too, as {@link masksByColor} does, if the mask has none of a colour.
 */
export async function decodeMasksByColor(
  inputs: Inputs,
  maxSide: number,
  colors: readonly StyleColor[],
): Promise<readonly Mask[]> {
  const { image, opacity, sourceWidth } = await decoded(decodeLayer, inputs, 'mask', maxSide);
  return masksByColor(image, colors, { alpha: opacity?.data, isShrunk: image.width < sourceWidth });
}

/**
 * Decodes one of a task's pictures in a way of the caller's.
 * @throws `image/…` as {@link decodeInput} does.
 */
export async function decoded<Decoded>(
  decode: (bytes: Uint8Array, options: DecodeOptions) => Promise<Decoded>,
  inputs: Inputs,
  input: InputName,
  maxSide: number,
): Promise<Decoded> {
  const { bytes, file } = await inputs(input);
  try {
    return await decode(bytes, { maxSide, maxBytes: bytes.length });
  } catch (error) {
    throw isCoded(error, 'image') ? about(file, error, { input }) : error;
  }
}
