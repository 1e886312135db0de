import type { Engine } from '../../engine/engine.js';
import { decodePicture } from '../../imaging/decode.js';
import type { Frames } from '../../imaging/gif/writer.js';
import { ImageError } from '../../imaging/image-error.js';
import { resample } from '../../imaging/resample.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { TransformationRecorder } from '../../imaging/transformation-recorder.js';
import { ContentColours } from '../../transfer/content-colours.js';
import { singleStyle } from '../../transfer/pictures.js';
import { fitToLongerSide } from '../../transfer/scales.js';
import { styleTransfer } from '../../transfer/style-transfer.js';
import type { InputName, StyleTransferTask } from '../job.js';
import type { JobProgress } from '../job-queue.js';
import { type ComputeRequest, TaskError } from './compute.js';
import { ProgressReports } from './progress-reports.js';

/** What a task is done with. */
export interface PerformOptions {
  readonly engine: Engine;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** What a task came to, before it is encoded. */
export interface Painting {
  readonly picture: RgbImage;
  /** From the content to the picture. */
  readonly frames: Frames;
  readonly epochs: number;
  readonly evaluations: number;
}

/**
 * Does a style transfer and records it.
 * @throws TaskError `image/…` where an input is no picture that can be used, with `input` in its context; EngineError; the
 *   signal's reason.
 */
export async function performStyleTransfer(
  { transfer, keepColors }: StyleTransferTask,
  inputs: ComputeRequest['inputs'],
  { engine, signal, onProgress = () => {} }: PerformOptions,
): Promise<Painting> {
  // More pixels than the result has would only be thrown away; a style may be wanted at a larger scale than the content.
  const maxSide = 2 * transfer.size;
  const content = await decodeInput(inputs, 'content', maxSide);
  const style = await decodeInput(inputs, 'style', maxSide);
  signal?.throwIfAborted();

  const colours = keepColors ? new ContentColours(content) : undefined;
  const shown = (picture: RgbImage) => colours?.restore(picture) ?? picture;
  const recorder = new TransformationRecorder({ content: sized(content, transfer.size) });
  const reports = new ProgressReports(onProgress);
  const styles = singleStyle(colours?.style(style) ?? style);
  const epochs = styleTransfer(engine, { content, styles }, { ...transfer, signal });
  let turn = await epochs.next();
  while (!turn.done) {
    const { loss, scale, picture } = turn.value;
    const current = () => shown(picture());
    recorder.offer(loss.total, current, scale);
    await reports.offer(turn.value, current);
    turn = await epochs.next();
  }
  signal?.throwIfAborted();
  reports.finish();
  const picture = shown(turn.value.picture);
  return {
    picture,
    frames: recorder.frames(picture),
    epochs: turn.value.epochs,
    evaluations: turn.value.evaluations,
  };
}

async function decodeInput(inputs: ComputeRequest['inputs'], input: InputName, maxSide: number): Promise<RgbImage> {
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

/** A picture at the result's size. */
function sized(picture: RgbImage, size: number): RgbImage {
  const { width, height } = fitToLongerSide(picture, size);
  return resample(picture, width, height);
}
