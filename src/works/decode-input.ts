import { about, isCoded } from '../coded-error.js';
import { decodePicture } from '../imaging/decode.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { InputName, Inputs } from './work.js';

/**
 * Decodes one of a task's pictures, and returns it as RGB in [0, 1].
 * @param maxSide - a picture whose longer side has more pixels is shrunk to about that.
 * @throws `image/…` if the picture can't be used: the message names its file, if there is one, and the context has the
 *   picture's name as `input`.
 */
export async function decodeInput(inputs: Inputs, input: InputName, maxSide: number): Promise<RgbImage> {
  const { bytes, file } = await inputs(input);
  try {
    return (await decodePicture(bytes, { maxSide, maxBytes: bytes.length })).image;
  } catch (error) {
    throw isCoded(error, 'image') ? about(file, error, { input }) : error;
  }
}
