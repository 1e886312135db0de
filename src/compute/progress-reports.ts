import { encodePicture } from '../imaging/encode.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { fitToLongerSide } from '../transfer/scales.js';
import type { JobProgress, Workpiece } from '../works/progress.js';

/** Small pictures take a hundred epochs a second; nobody wants to know more often than this. */
const leastReportMs = 250;

/** Messages with a preview are edited much more slowly still; making one takes the time of a small evaluation. */
const leastPreviewMs = 6000;

/** The longer side of previews, in pixels. At this size and quality a painted picture has 10 to 20 KB. */
const previewSide = 256;
const previewQuality = 75;

/**
 * Passes a computation's progress on, as often as it is worth it: the first and the last one, and between them four a second.
 * A preview comes with the first, with the first of every scale or layer, and every six seconds.
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
   * Offers the progress after an epoch.
   * @param picture gives the picture as it is to be shown; called only for a preview.
   */
  async offer(progress: Omit<JobProgress, 'preview'>, picture: () => RgbImage): Promise<void> {
    this.#latest = progress;
    const now = performance.now();
    const part = partOf(progress.at);
    if (part !== this.#previewedPart || now - this.#previewedAt >= leastPreviewMs) {
      this.#previewedPart = part;
      this.#previewedAt = now;
      this.#pass({ ...progress, preview: await encodePreview(picture()) });
    } else if (progress.epoch === progress.epochs || now - this.#reportedAt >= leastReportMs) {
      this.#pass(progress);
    }
  }

  /** Tells that the last epoch is done. A computation that finds no better picture is done before it has had all its epochs. */
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

/** Which part of its work a job is at, from 1. */
function partOf(at: Workpiece): number {
  switch (at.kind) {
    case 'scale':
      return at.scale;
    case 'layer':
      return at.number;
    case 'pixels':
      return 1;
  }
}

function encodePreview(picture: RgbImage): Promise<Uint8Array> {
  const { width, height } = fitToLongerSide(picture, Math.min(previewSide, Math.max(picture.width, picture.height)));
  return encodePicture(resample(picture, width, height), 'jpeg', { quality: previewQuality });
}
