import { decodePicture } from '../imaging/decode.js';
import { ImageError } from '../imaging/image-error.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { InputName, Inputs } from './work.js';

/**
 * Decodes one of a task's pictures.
 * @param maxSide - a picture whose longer side has more pixels is shrunk to about that.
 * @throws ImageError if it is no picture that can be used: the message names its file, if there is one, and the context has
 *   its name as `input`.
 */
export async function decodeInput(inputs: Inputs, input: InputName, maxSide: number): Promise<RgbImage> {
  const { bytes, file } = await inputs(input);
  try {
    return (await decodePicture(bytes, { maxSide, maxBytes: bytes.length })).image;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const message = file === undefined ? error.message : `${file}: ${error.message}`;
    throw new ImageError(error.code, message, { ...error.context, input });
  }
}
