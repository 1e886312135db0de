import { z } from 'zod';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { TransferProgress } from '../transfer/coarse-to-fine.js';

/** The part of its work that a job is at, in the words of its kind. */
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
  /** A picture as a whole, by its pixels alone; `found` is how many differences were found. */
  z.object({ kind: z.literal('pixels'), width: z.number(), height: z.number(), found: z.number() }).readonly(),
  /** A layer, such as `relu3_1`; `number` is its number among those asked for, from 1. */
  z.object({ kind: z.literal('layer'), layer: z.string(), number: z.number(), layers: z.number() }).readonly(),
]);
export type Workpiece = z.infer<typeof workpieceSchema>;

/** How far a running job is, as it is passed on to whoever waits for it. */
export const jobProgressSchema = z
  .object({
    /** From 1 to `epochs`, over all that the job is at in turn. */
    epoch: z.number(),
    epochs: z.number(),
    at: workpieceSchema,
    loss: z.number(),
    secondsLeft: z.number(),
    /** A small JPEG of the picture as it is now; comes now and then, not with every progress. */
    preview: z.custom<Uint8Array>((value) => value instanceof Uint8Array).optional(),
  })
  .readonly();
export type JobProgress = z.infer<typeof jobProgressSchema>;

/** How far a task is; there is one after each epoch. */
export interface PaintingProgress extends Omit<JobProgress, 'preview'> {
  /** Makes the picture as it is now. */
  readonly picture: () => RgbImage;
}

/** The progress of a task that is painted from coarse to fine. */
export function progressAtScale(progress: TransferProgress): PaintingProgress {
  const { epoch, epochs, scale, scales, width, height, loss, secondsLeft, picture } = progress;
  return { epoch, epochs, at: { kind: 'scale', scale, scales, width, height }, loss: loss.total, secondsLeft, picture };
}
