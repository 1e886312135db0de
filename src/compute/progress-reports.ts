import { isOutOfMemory } from '../engine/engine-error.js';
import { encodePicture } from '../imaging/encode.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { fitToLongerSide } from '../transfer/scales.js';
import type { JobProgress, Workpiece } from '../works/progress.js';

/** Shortest time between reports: small pictures take a hundred epochs a second, and nobody wants as many reports. */
const leastReportMs = 250;

/** Shortest time between previews: messages are edited less often, and each preview costs a small evaluation's time. */
const leastPreviewMs = 6000;

/** The longer side of previews, in pixels. At this size and `previewQuality` a painted picture has 10 to 20 KB. */
const previewSide = 256;
const previewQuality = 75;

/**
 * Passes on the progress of a computation as often as is worthwhile: the first and the last report, and four a second
 * between them. The first report of every scale, layer or frame has a preview, and so has one every six seconds.
 */
export class ProgressReports {
  readonly #report: (progress: JobProgress) => void;
  #latest: JobProgress | undefined;
  #reported: JobProgress | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #previewedAt = Number.NEGATIVE_INFINITY;
  #previewedPart = 0;

  constructor(report: (progress: JobProgress) => void) {
    this.#report = report;
  }

  /**
   * Takes the progress after an epoch, and passes it on if a report is due.
   * @param picture - returns the picture as it is to be shown; called only for a preview.
   */
  async offer(progress: Omit<JobProgress, 'preview'>, picture: () => RgbImage): Promise<void> {
    this.#latest = progress;
    const now = performance.now();
    const part = partOf(progress.at);
    if (part !== this.#previewedPart || now - this.#previewedAt >= leastPreviewMs) {
      this.#previewedPart = part;
      this.#previewedAt = now;
      const preview = await previewOf(picture);
      this.#pass({ ...progress, ...(preview && { preview }) });
    } else if (progress.epoch === progress.epochs || now - this.#reportedAt >= leastReportMs) {
      this.#pass(progress);
    }
  }

  /** Reports a pause after the latest epoch, and its end once `over` settles. @throws what `over` rejects with. */
  async pause(over: Promise<void>): Promise<void> {
    if (this.#latest === undefined) return over;
    this.#pass({ ...this.#latest, isPaused: true });
    await over;
    this.#pass(this.#latest);
  }

  /** Reports the last epoch as done, because a computation that finds no better picture ends before its last epoch. */
  finish(): void {
    if (this.#latest === undefined || this.#reported?.epoch === this.#latest.epochs) return;
    this.#pass({ ...this.#latest, epoch: this.#latest.epochs, secondsLeft: 0 });
  }

  #pass(progress: JobProgress): void {
    this.#reportedAt = performance.now();
    this.#reported = progress;
    this.#report(progress);
  }
}

/** Returns the number of the scale, layer or frame that a job is at, from 1. */
function partOf(at: Workpiece): number {
  switch (at.kind) {
    case 'scale':
      return at.scale;
    case 'frame':
      return at.frame;
    case 'layer':
      return at.number;
    case 'pixels':
      return 1;
  }
}

/** Returns a preview; undefined where there is too little memory for one, which is no reason to lose the picture. */
async function previewOf(picture: () => RgbImage): Promise<Uint8Array | undefined> {
  try {
    return await encodePreview(picture());
  } catch (error) {
    if (isOutOfMemory(error)) return undefined;
    throw error;
  }
}

function encodePreview(picture: RgbImage): Promise<Uint8Array> {
  const { width, height } = fitToLongerSide(picture, Math.min(previewSide, Math.max(picture.width, picture.height)));
  return encodePicture(resample(picture, width, height), 'jpeg', { quality: previewQuality });
}
