import { z } from 'zod';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import { type Comparison, likenesses } from '../spot-difference/comparison.js';
import { spotDifference } from '../spot-difference/spot-difference.js';
import { pixelCost } from './cost.js';
import { decodeInput } from './decode-input.js';
import { runToEnd } from './run-to-end.js';
import type { Inputs, Painting, PerformOptions, Work } from './work.js';

const schema = z
  .object({
    kind: z.literal('spot-difference'),
    /** The longer side at which the pictures are compared, in pixels. */
    size: z.number(),
    epochs: z.number(),
    /** The longer side at which the pictures are read, in pixels: a larger one is shrunk. Default: twice `size`. */
    readSize: z.number().optional(),
  })
  .readonly();

/** A task that finds where two pictures differ. It needs no network: only pixels are compared. */
export type SpotDifferenceTask = z.infer<typeof schema>;

/**
 * The largest `readSize`, which compares pictures to the last pixel and takes 200 MB of memory for each. A picture that
 * is shrunk while it is read loses differences of single pixels.
 */
export const largestReadSize = 4096;

/** Schema of what people are told of two pictures that were compared. */
export const spotDifferenceFindingsSchema = z
  .object({
    kind: z.literal('spot-difference'),
    likeness: z.enum(likenesses),
    /** Number of all differences. */
    found: z.number(),
    /** Number of the differences that are circled, which are the most conspicuous ones. */
    circled: z.number(),
  })
  .readonly();
export type SpotDifferenceFindings = z.infer<typeof spotDifferenceFindingsSchema>;

interface SpotDifferencePainting
  extends Painting<SpotDifferenceFindings>,
    Pick<Comparison, 'regions' | 'share' | 'shiftX' | 'shiftY'> {
  readonly findings: SpotDifferenceFindings;
  /** Width of the part that both pictures show, as it was compared, in pixels; `height` likewise. */
  readonly width: number;
  readonly height: number;
  /** The mean squared error that the optimiser left; undefined if it had nothing to change, or no time. */
  readonly loss: number | undefined;
}

export const spotDifferenceWork = {
  schema,
  inputsOf: () => ['first', 'second'],
  sizeOf: ({ size }) => size,
  withSize: (task, size) => ({ ...task, size }),
  costOf: ({ size, epochs }) => ({ labour: 'pixels', pixelEpochs: pixelCost * size ** 2 * epochs }),
  perform,
} as const satisfies Work<SpotDifferenceTask, SpotDifferencePainting>;

/** Finds the differences. The animation begins with the first picture and ends with what the optimiser made of it. */
async function perform(
  { size, epochs, readSize = 2 * size }: SpotDifferenceTask,
  inputs: Inputs,
  { animated, signal, onProgress }: PerformOptions,
): Promise<SpotDifferencePainting> {
  const first = await decodeInput(inputs, 'first', readSize);
  const second = await decodeInput(inputs, 'second', readSize);
  let recorder: TransformationRecorder | undefined;
  const spotting = spotDifference(first, second, { size, epochs, signal });
  const result = await runToEnd(spotting, (progress) => {
    const { epoch, epochs: all, loss, startLoss, secondsLeft, comparison, picture } = progress;
    if (animated && !recorder) {
      recorder = new TransformationRecorder({ content: comparison.first });
      // Offering the loss before the first step tells the recorder how much that step changes.
      recorder.offer(startLoss, () => comparison.first, 1);
    }
    recorder?.offer(loss, picture, 1);
    const { width, height } = comparison.first;
    const at = { kind: 'pixels', width, height, found: comparison.found } as const;
    return onProgress?.({ epoch, epochs: all, at, loss, secondsLeft, picture });
  });
  const { likeness, found, regions, share, shiftX, shiftY, first: compared } = result;
  // Pictures that are the same take no step, so no recorder was made above.
  if (animated) recorder ??= new TransformationRecorder({ content: compared });
  return {
    picture: result.still,
    frames: recorder?.frames(result.picture),
    epochs: result.epochs,
    evaluations: 0,
    stopped: result.stopped,
    findings: { kind: 'spot-difference', likeness, found, circled: regions.length },
    regions,
    share,
    shiftX,
    shiftY,
    width: compared.width,
    height: compared.height,
    loss: result.loss,
  };
}
