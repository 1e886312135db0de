import { z } from 'zod';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { TransferProgress } from '../transfer/coarse-to-fine.js';

/** Schema of the part of its work that a job is at, which differs by the kind of job. */
export const workpieceSchema = z.discriminatedUnion('kind', [
  /** A picture at one of the scales that it is painted at in turn. `scale` counts from 1; sides are in pixels. */
  z
    .object({
      kind: z.literal('scale'),
      scale: z.number(),
      scales: z.number(),
      width: z.number(),
      height: z.number(),
    })
    .readonly(),
  /** A frame of a content that moves; `frame` counts from 1. */
  z
    .object({
      kind: z.literal('frame'),
      frame: z.number(),
      frames: z.number(),
      width: z.number(),
      height: z.number(),
    })
    .readonly(),
  /** A whole picture that is compared pixel by pixel; `found` is the number of differences. */
  z.object({ kind: z.literal('pixels'), width: z.number(), height: z.number(), found: z.number() }).readonly(),
  /** A layer, such as `relu3_1`; `number` counts from 1 among the `layers` layers that were asked for. */
  z.object({ kind: z.literal('layer'), layer: z.string(), number: z.number(), layers: z.number() }).readonly(),
]);
export type Workpiece = z.infer<typeof workpieceSchema>;

/** Schema of how far a running job is, as it is passed on to those who wait for it. */
export const jobProgressSchema = z
  .object({
    /** Number of the epoch just done, from 1 to `epochs`, counted over all scales or layers of the job, or of the frame. */
    epoch: z.number(),
    epochs: z.number(),
    at: workpieceSchema,
    loss: z.number(),
    secondsLeft: z.number(),
    /** A small JPEG of the picture as it is now. Only some reports of progress have one. */
    preview: z.custom<Uint8Array>((value) => value instanceof Uint8Array).optional(),
    /** Whether the job stands still for now, so that shorter ones come first. */
    isPaused: z.boolean().optional(),
  })
  .readonly();
export type JobProgress = z.infer<typeof jobProgressSchema>;

/** How far a task is, as it is reported after each epoch. */
export interface PaintingProgress extends Omit<JobProgress, 'preview' | 'isPaused'> {
  /** Makes the picture as it is now. */
  readonly picture: () => RgbImage;
}

/** Converts the progress of a picture that is painted from coarse to fine into the progress of its task. */
export function progressAtScale(progress: TransferProgress): PaintingProgress {
  const { epoch, epochs, scale, scales, width, height, loss, secondsLeft, picture } = progress;
  return { epoch, epochs, at: { kind: 'scale', scale, scales, width, height }, loss: loss.total, secondsLeft, picture };
}
