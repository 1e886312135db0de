import { isCoded } from '../coded-error.js';
import type { Engine } from '../engine/engine.js';
import { encodeResultFiles } from '../works/result-files.js';
import { toldShortfall } from '../works/shortfall.js';
import type { EngineNeeds } from '../works/work.js';
import { perform } from '../works/works.js';
import type { ComputeOptions, ComputeRequest, ComputeResult } from './compute.js';
import { faultOf } from './fault.js';
import { ProgressReports } from './progress-reports.js';
import { WorkingTime } from './working-time.js';

export interface PerformTaskOptions extends ComputeOptions {
  /** Opens an engine, or returns the one that is open already. */
  readonly engineFor: (needs: EngineNeeds) => Promise<Engine>;
  /** The memory that this process may take, in bytes. Default: as much as it wants. */
  readonly memoryBytes?: number | undefined;
  /** Measures how long the task is worked at. Default: as if it had the machine to itself. */
  readonly time?: WorkingTime | undefined;
}

/**
 * Performs a task in this process, from the encoded inputs to the encoded result.
 * @throws the signal's reason, within one evaluation or one frame of the animation; what the task's kind throws;
 *   CodedError `image/picture-over-budget` if the picture can't be made small enough; any other error for a mistake in
 *   the program.
 */
export async function performTask(
  { task, inputs, maxFileBytes, maxSeconds = Number.POSITIVE_INFINITY }: ComputeRequest,
  {
    engineFor,
    memoryBytes,
    time = new WorkingTime(),
    signal,
    pauses,
    keptFrames,
    onProgress = () => {},
  }: PerformTaskOptions,
): Promise<ComputeResult> {
  const outOfTime = new AbortController();
  const reports = new ProgressReports(onProgress);
  try {
    const painting = await perform(
      task,
      async (input) => {
        signal?.throwIfAborted();
        const bytes = inputs[input];
        if (bytes === undefined) throw new Error(`Expected the task to come with a picture "${input}", got none`);
        return { bytes };
      },
      {
        engineFor: async (needs) => {
          // Opening an engine takes seconds, which a task that has been stopped need not wait for.
          signal?.throwIfAborted();
          return engineFor(needs);
        },
        animated: true,
        keptFrames,
        memoryBytes,
        signal: signal ? AbortSignal.any([signal, outOfTime.signal]) : outOfTime.signal,
        onProgress: async ({ picture, ...progress }) => {
          const secondsLeft = Math.min(progress.secondsLeft, time.secondsUntil(maxSeconds));
          await reports.offer({ ...progress, secondsLeft }, picture);
          if (progress.epoch < progress.epochs && time.aloneSeconds >= maxSeconds) outOfTime.abort();
          else if (pauses?.isOff) await time.without(() => reports.pause(pauses.untilOn(signal)));
        },
      },
    );
    signal?.throwIfAborted();
    reports.finish();
    const { epochs, evaluations, findings, shortfall } = painting;
    // A lost GPU stays lost for this process, but another one can do all of the task.
    if (shortfall && isCoded(shortfall.error, 'engine', 'device-lost')) throw shortfall.error;
    const { shrunk, failure } = toldShortfall(shortfall);
    const files = await encodeResultFiles(painting, { maxFileBytes, signal });
    return {
      ...files,
      shrunk,
      failure: failure && faultOf(failure),
      outOfTime: outOfTime.signal.aborted ? maxSeconds : undefined,
      epochs,
      evaluations,
      findings,
      seconds: time.seconds,
      aloneSeconds: time.aloneSeconds,
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
