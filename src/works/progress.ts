import type { RgbImage } from '../imaging/rgb-image.js';
import type { TransferProgress } from '../transfer/coarse-to-fine.js';

/** The part of its work that a job is at, in the words of its kind. */
export type Workpiece =
  | {
      readonly kind: 'scale';
      /** From 1. */
      readonly scale: number;
      readonly scales: number;
      /** The size of the picture at this scale, in pixels. */
      readonly width: number;
      readonly height: number;
    }
  /** The work is on a picture as a whole, by its pixels alone. */
  | {
      readonly kind: 'pixels';
      readonly width: number;
      readonly height: number;
      /** How many differences were found. */
      readonly found: number;
    }
  | {
      readonly kind: 'layer';
      /** Such as `relu3_1`. */
      readonly layer: string;
      /** The number of the layer among those asked for, from 1. */
      readonly number: number;
      readonly layers: number;
    };

interface Progress {
  /** From 1 to `epochs`, over all that the job is at in turn. */
  readonly epoch: number;
  readonly epochs: number;
  readonly at: Workpiece;
  readonly loss: number;
  readonly secondsLeft: number;
}

/** How far a task is; there is one after each epoch. */
export interface PaintingProgress extends Progress {
  /** Makes the picture as it is now. */
  readonly picture: () => RgbImage;
}

/** How far a running job is, as it is passed on to whoever waits for it. */
export interface JobProgress extends Progress {
  /** A small JPEG of the picture as it is now; comes now and then, not with every progress. */
  readonly preview?: Uint8Array | undefined;
}

/** The progress of a task that is painted from coarse to fine. */
export function progressAtScale(progress: TransferProgress): PaintingProgress {
  const { epoch, epochs, scale, scales, width, height, loss, secondsLeft, picture } = progress;
  return { epoch, epochs, at: { kind: 'scale', scale, scales, width, height }, loss: loss.total, secondsLeft, picture };
}
