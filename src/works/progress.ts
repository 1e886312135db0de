/** What a job is at, in the words of its kind. */
export type Workpiece =
  | {
      readonly kind: 'scale';
      /** From 1. */
      readonly scale: number;
      readonly scales: number;
      /** Of the picture at this scale, in pixels. */
      readonly width: number;
      readonly height: number;
    }
  /** A picture as a whole, by its pixels alone. */
  | { readonly kind: 'pixels'; readonly width: number; readonly height: number }
  | {
      readonly kind: 'layer';
      /** Such as `relu3_1`. */
      readonly layer: string;
      /** Which one it is, from 1. */
      readonly number: number;
      readonly layers: number;
    };

/** How far a running job is. */
export interface JobProgress {
  /** From 1 to `epochs`, over all that the job is at in turn. */
  readonly epoch: number;
  readonly epochs: number;
  readonly at: Workpiece;
  readonly loss: number;
  readonly secondsLeft: number;
  /** A small JPEG of the picture as it is now; comes now and then, not with every progress. */
  readonly preview?: Uint8Array | undefined;
}
