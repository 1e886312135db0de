import { largestFlowSide } from '../../motion/flow.js';
import type { TransferOptions } from '../transfer-options.js';

/** The options by which frames are painted: those of the first one, and what is asked of the others. */
export interface FrameOptions extends TransferOptions {
  /** Optimiser steps of each frame that follows another one. Default 9. */
  readonly frameEpochs?: number | undefined;
  /** Weight of a frame's difference from the one before; with 0, what stands still is not held either. Default 300. */
  readonly temporalWeight?: number | undefined;
  /**
   * Factor of the content's weight in such frames. They go on from what is painted, and with every frame come nearer to
   * the style and farther from the content than a picture that begins with its content. Default 1.45.
   */
  readonly frameContent?: number | undefined;
}

/** The defaults of {@link FrameOptions} beside those of a transfer. */
export const frameDefaults = { frameEpochs: 9, temporalWeight: 300, frameContent: 1.45 } as const;

/** Returns how many pixels of a square are looked at for its motion. @param size - its side in pixels. */
export function motionPixels(size: number): number {
  return Math.min(size, largestFlowSide) ** 2;
}
