import { resample } from '../imaging/resample.js';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import { texture } from '../transfer/texture.js';
import { decodeInput } from './decode-input.js';
import type { Performer } from './performance.js';
import { ProgressReports } from './progress-reports.js';
import type { TextureTask } from './task.js';

/**
 * Makes a texture of a style and records it, from its first epoch on: what is before that is noise.
 * @throws TaskError `image/…` where the style is no picture that can be used; EngineError; the signal's reason.
 */
export const performTexture: Performer<TextureTask> = async (
  { network, pooling, size, epochs, tile, layers, seed },
  inputs,
  { engineFor, signal, onProgress = () => {} },
) => {
  const style = await decodeInput(inputs, 'style', 2 * size);
  signal?.throwIfAborted();
  const reports = new ProgressReports(onProgress);
  let recorder: TransformationRecorder | undefined;
  const engine = await engineFor({ network, pooling });
  const making = texture(engine, style, { size, epochs, tile, layers, seed, signal });
  let turn = await making.next();
  while (!turn.done) {
    const { epoch, epochs: all, scale, scales, width, height, loss, secondsLeft, picture } = turn.value;
    recorder ??= new TransformationRecorder({ content: resample(picture(), size, size) });
    recorder.offer(loss.total, picture, scale);
    const at = { kind: 'scale', scale, scales, width, height } as const;
    await reports.offer({ epoch, epochs: all, at, loss: loss.total, secondsLeft }, picture);
    turn = await making.next();
  }
  signal?.throwIfAborted();
  reports.finish();
  const { picture, epochs: steps, evaluations } = turn.value;
  recorder ??= new TransformationRecorder({ content: picture });
  return { picture, frames: recorder.frames(picture), epochs: steps, evaluations };
};
