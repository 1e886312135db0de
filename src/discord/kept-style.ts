import type { Attachment } from 'discord.js';
import { isCoded } from '../coded-error.js';
import { download } from '../download/download.js';
import { decodeLayer } from '../imaging/decode.js';
import { encodePicture } from '../imaging/encode.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { fitToLongerSide } from '../transfer/scales.js';
import { type DecodedStyle, styleOf } from '../works/decode-input.js';
import type { BotServices } from './bot-services.js';
import { UserError } from './user-error.js';

/** Longest side of a kept style, in pixels: enough for the largest result, and not too much for a database. */
const pictureSide = 1024;
/** Longest side of a kept style's thumbnail, in pixels. */
const thumbnailSide = 256;

const downloadTimeoutMs = 30_000;

/** The pictures of a style that is to be kept, and what is to be told of the upload. */
export interface KeptStylePictures extends Pick<DecodedStyle, 'moves' | 'isTransparent'> {
  readonly picture: Uint8Array;
  readonly thumbnail: Uint8Array;
}

/**
 * Returns the pictures of a style that is to be kept from an upload. They are freshly encoded, as WebP, so they have no metadata of the upload.
 * @throws UserError where the upload is no picture, or can't be fetched.
 */
export async function keptStylePictures(
  { url }: Attachment,
  { config }: Pick<BotServices, 'config'>,
): Promise<KeptStylePictures> {
  const maxBytes = config.maxInputBytes;
  try {
    const bytes = await download(url, { origins: config.attachmentOrigins, maxBytes, timeoutMs: downloadTimeoutMs });
    const layer = await decodeLayer(bytes, { maxBytes, maxSide: pictureSide });
    const { picture: image, moves, isTransparent } = styleOf(layer);
    return {
      moves,
      isTransparent,
      picture: await encodePicture(image, 'webp'),
      thumbnail: await encodePicture(within(image, thumbnailSide), 'webp', { quality: 80 }),
    };
  } catch (error) {
    if (isCoded(error, 'download')) throw new UserError(`download-${error.code}`, error.context);
    if (isCoded(error, 'image')) {
      throw new UserError(error.key, { ...error.context, message: error.message });
    }
    throw error;
  }
}

/** Returns a picture, made smaller if its longer side has more than `side` pixels. */
function within(picture: RgbImage, side: number): RgbImage {
  if (Math.max(picture.width, picture.height) <= side) return picture;
  const { width, height } = fitToLongerSide(picture, side);
  return resample(picture, width, height);
}
