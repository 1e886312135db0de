import { type ComputeRequest, TaskError } from '../compute/compute.js';
import { decodePicture } from '../imaging/decode.js';
import { ImageError } from '../imaging/image-error.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { InputName } from './task.js';

/**
 * One of a task's pictures.
 * @param maxSide - where its longer side has more pixels, it is shrunk to about that.
 * @throws TaskError `image/…` where it is no picture that can be used, with `input` in its context.
 */
export async function decodeInput(
  inputs: ComputeRequest['inputs'],
  input: InputName,
  maxSide: number,
): Promise<RgbImage> {
  const bytes = inputs[input];
  if (bytes === undefined) throw new Error(`Expected the task to come with a picture "${input}", got none`);
  try {
    // How large a file may be was decided when it was accepted.
    return (await decodePicture(bytes, { maxSide, maxBytes: bytes.length })).image;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const { code, message, context } = error;
    throw new TaskError(`image/${code}`, message, { ...context, message, input });
  }
}
