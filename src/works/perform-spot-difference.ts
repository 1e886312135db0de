import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import { spotDifference } from '../spot-difference/spot-difference.js';
import { decodeInput } from './decode-input.js';
import type { Performer } from './performance.js';
import { ProgressReports } from './progress-reports.js';
import type { SpotDifferenceTask } from './task.js';

/**
 * Marks what two pictures differ in, and records how the first becomes the second. Needs no engine.
 * @throws TaskError `image/…` where an input is no picture that can be used, with `input` in its context; the signal's reason.
 */
export const performSpotDifference: Performer<SpotDifferenceTask> = async (
  { size, epochs },
  inputs,
  { signal, onProgress = () => {} },
) => {
  const maxSide = 2 * size;
  const first = await decodeInput(inputs, 'first', maxSide);
  const second = await decodeInput(inputs, 'second', maxSide);
  signal?.throwIfAborted();
  const reports = new ProgressReports(onProgress);
  let recorder: TransformationRecorder | undefined;
  const spotting = spotDifference(first, second, { size, epochs, signal });
  let turn = await spotting.next();
  while (!turn.done) {
    const { epoch, epochs: all, loss, secondsLeft, comparison, picture } = turn.value;
    const { width, height } = comparison.first;
    recorder ??= new TransformationRecorder({ content: comparison.first });
    recorder.offer(loss, picture, 1);
    await reports.offer({ epoch, epochs: all, at: { kind: 'pixels', width, height }, loss, secondsLeft }, picture);
    turn = await spotting.next();
  }
  signal?.throwIfAborted();
  reports.finish();
  const { still, first: aligned, second: goal, regions, likeness, found, epochs: steps } = turn.value;
  // Of pictures that are the same, there is nothing to be seen on the way.
  recorder ??= new TransformationRecorder({ content: aligned });
  return {
    picture: still,
    frames: recorder.frames(goal),
    epochs: steps,
    evaluations: 0,
    findings: { kind: 'spot-difference', likeness, found, circled: regions.length },
  };
};
