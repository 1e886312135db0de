import { encodePicture } from '../imaging/encode.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import type { Likeness } from '../spot-difference/comparison.js';
import {
  type SpotDifferenceOptions,
  type SpotDifferenceProgress,
  spotDifference,
} from '../spot-difference/spot-difference.js';
import {
  checkOutputs,
  outputFormat,
  readPicture,
  requireGifName,
  writeAnimation,
  writeWhole,
} from './picture-files.js';

/** Two files to be compared. */
export interface SpotDifferenceRequest {
  readonly firstPath: string;
  readonly secondPath: string;
  /** Where the still goes; its extension decides the format. */
  readonly out: string;
  /** Where the animation goes, if one is wanted. */
  readonly gif?: string | undefined;
  readonly options: SpotDifferenceOptions;
  readonly onProgress?: ((progress: SpotDifferenceProgress) => void) | undefined;
}

/** What was found, as `--json` prints it. */
export interface SpotDifferenceReport {
  readonly likeness: Likeness;
  /** How many differences there are; `regions` has the most conspicuous. */
  readonly found: number;
  /** In reading order; in pixels of the first picture as it was compared. */
  readonly regions: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  }[];
  /** The share of pixels that differ visibly, in [0, 1]. */
  readonly share: number;
  /** Of the part that both pictures show, as it was compared. */
  readonly width: number;
  readonly height: number;
  readonly shiftX: number;
  readonly shiftY: number;
  readonly epochs: number;
  /** The mean squared error that the optimiser left, or null where it did nothing. */
  readonly loss: number | null;
  readonly seconds: number;
  readonly out: string;
  readonly gif: string | null;
  readonly stopped: boolean;
}

/** Larger pictures are scaled down while they are read, and then no longer known to the last pixel. */
const largestSide = 4096;

/**
 * Compares two files, writes the still and the animation.
 *
 * @throws UsageError, ImageError, OutputError, each with a sentence that says what to do.
 */
export async function spotDifferenceOfFiles(request: SpotDifferenceRequest): Promise<SpotDifferenceReport> {
  const { firstPath, secondPath, out, gif, options } = request;
  const format = outputFormat(out);
  requireGifName(gif);
  await checkOutputs([out, gif], [firstPath, secondPath]);
  const first = await readPicture(firstPath, largestSide);
  const second = await readPicture(secondPath, largestSide);
  let recorder: TransformationRecorder | undefined;
  const work = spotDifference(first, second, options);
  let turn = await work.next();
  while (!turn.done) {
    const { loss, startLoss, picture, comparison } = turn.value;
    if (gif !== undefined) {
      recorder ??= recorderFrom(comparison.first, startLoss);
      recorder.offer(loss, picture, 1);
    }
    request.onProgress?.(turn.value);
    turn = await work.next();
  }
  const result = turn.value;
  await writeWhole(out, await encodePicture(result.still, format));
  if (gif !== undefined) {
    recorder ??= new TransformationRecorder({ content: result.first });
    await writeAnimation(gif, recorder.frames(result.picture));
  }
  return {
    likeness: result.likeness,
    found: result.found,
    regions: result.regions.map(({ left, top, width, height }) => ({ left, top, width, height })),
    share: result.share,
    width: result.first.width,
    height: result.first.height,
    shiftX: result.shiftX,
    shiftY: result.shiftY,
    epochs: result.epochs,
    loss: result.loss ?? null,
    seconds: result.seconds,
    out,
    gif: gif ?? null,
    stopped: result.stopped,
  };
}

/** A recorder that knows how much the first step changes. */
function recorderFrom(first: RgbImage, startLoss: number): TransformationRecorder {
  const recorder = new TransformationRecorder({ content: first });
  recorder.offer(startLoss, () => first, 1);
  return recorder;
}
