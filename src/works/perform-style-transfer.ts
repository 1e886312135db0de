import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import { maskFromPicture } from '../transfer/area/mask.js';
import { fitToLongerSide } from '../transfer/scales.js';
import { styleTransfer } from '../transfer/style-transfer.js';
import { decodeInput } from './decode-input.js';
import type { Performer } from './performance.js';
import { ProgressReports } from './progress-reports.js';
import { type StyleTransferTask, styleInput } from './task.js';

/**
 * Does a style transfer and records it, from the content to the picture.
 * @throws TaskError `image/…` where an input is no picture that can be used, with `input` in its context; EngineError; MaskError
 *   where nothing is to be styled; the signal's reason.
 */
export const performStyleTransfer: Performer<StyleTransferTask> = async (
  { network, pooling, transfer, styleWeights = [1], hasMask = false },
  inputs,
  { engineFor, signal, onProgress = () => {} },
) => {
  // More pixels than the result has would only be thrown away; a style may be wanted at a larger scale than the content.
  const maxSide = 2 * transfer.size;
  const styleMaxSide = maxSide * Math.max(1, transfer.styleScale ?? 1);
  const content = await decodeInput(inputs, 'content', maxSide);
  const styles = await Promise.all(
    styleWeights.map(async (weight, index) => {
      return { picture: await decodeInput(inputs, styleInput(index), styleMaxSide), weight };
    }),
  );
  const mask = hasMask ? maskFromPicture(await decodeInput(inputs, 'mask', maxSide)) : undefined;
  signal?.throwIfAborted();

  const recorder = new TransformationRecorder({ content: sized(content, transfer.size) });
  const reports = new ProgressReports(onProgress);
  const engine = await engineFor({ network, pooling });
  const transferring = styleTransfer(engine, { content, styles, mask }, { ...transfer, signal });
  let turn = await transferring.next();
  while (!turn.done) {
    const { epoch, epochs: all, scale, scales, width, height, loss, secondsLeft, picture } = turn.value;
    recorder.offer(loss.total, picture, scale);
    const at = { kind: 'scale', scale, scales, width, height } as const;
    await reports.offer({ epoch, epochs: all, at, loss: loss.total, secondsLeft }, picture);
    turn = await transferring.next();
  }
  signal?.throwIfAborted();
  reports.finish();
  const { picture, epochs, evaluations } = turn.value;
  return { picture, frames: recorder.frames(picture), epochs, evaluations };
};

/** A picture at the result's size. */
function sized(picture: RgbImage, size: number): RgbImage {
  const { width, height } = fitToLongerSide(picture, size);
  return resample(picture, width, height);
}
