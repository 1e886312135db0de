import { z } from 'zod';
import type { Engine } from '../engine/engine.js';
import { networkNames, poolings } from '../engine/topology.js';
import type { FrameSource } from '../imaging/animation/encode-animation.js';
import type { Frames } from '../imaging/gif/writer.js';
import type { Opacity } from '../imaging/opacity.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Shortfall } from '../transfer/coarse-to-fine.js';
import type { Cost } from './cost.js';
import type { PaintingProgress } from './progress.js';

/** Schemas of the fields of tasks that need a network to look at pictures. */
export const engineNeeds = {
  /** The network that looks; undefined: the one that is usual where the task is performed. */
  network: z.enum(networkNames).optional(),
  /** How the network is pooled; undefined: as it was trained. */
  pooling: z.enum(poolings).optional(),
};
export type EngineNeeds = Readonly<z.infer<z.ZodObject<typeof engineNeeds>>>;

/** Names of the pictures that tasks are made from; the pictures are stored under them. */
export type InputName = 'content' | 'style' | `style-${number}` | 'mask' | 'first' | 'second';

/** A picture in the encoding in which it was sent; its bytes have been accepted before. */
export interface EncodedPicture {
  readonly bytes: Uint8Array;
  /** Path of the file that the picture comes from, for errors to name it. */
  readonly file?: string | undefined;
}

/** Returns a picture of a task by its name. The same one may be asked for more than once. */
export type Inputs = (input: InputName) => Promise<EncodedPicture>;

/**
 * Where the painted frames of a content that moves are kept, as files by their index from 0, until all are done. Where
 * they outlive the process, the next one goes on from them.
 */
export interface FrameKeeper {
  /** Returns a frame's file; undefined where it isn't kept. */
  get(index: number): Promise<Uint8Array | undefined>;
  /** Keeps a frame's file, and replaces an earlier one. */
  put(index: number, file: Uint8Array): Promise<void>;
}

/** The engine, wishes and callbacks that a task is performed with. */
export interface PerformOptions {
  /** Opens an engine, or returns the one that is open already. Kinds that need no network don't call this. */
  readonly engineFor: (needs: EngineNeeds) => Promise<Engine>;
  /** Whether an animation is wanted. Recording its frames takes time and memory. */
  readonly animated: boolean;
  /** Where the frames of a content that moves are kept. Default: in memory. */
  readonly keptFrames?: FrameKeeper | undefined;
  /** The memory that this process may take, in bytes; a picture that takes more is made smaller. Default: any. */
  readonly memoryBytes?: number | undefined;
  /** Checks whether a result of some size can be written, before it is painted, and throws if it can't. Default: any can. */
  readonly requireWritable?: ((size: Pick<RgbImage, 'width' | 'height'>) => void) | undefined;
  /** Stops the task within one evaluation. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of progress after each epoch. The task goes on once the returned promise, if there is one, is settled. */
  readonly onProgress?: ((progress: PaintingProgress) => void | Promise<void>) | undefined;
}

/** The frames that a content which moves has become. */
export interface PaintedAnimation extends FrameSource {
  /** How many frames the content has, of which these were painted. */
  readonly framesInContent: number;
}

/** The result of a task. If the task was stopped, the picture is the best one by then. */
export interface Painting<Findings = never> {
  readonly picture: RgbImage;
  /** The opacity of the picture, which lies on paper, in its size; undefined if it is opaque. */
  readonly opacity?: Opacity | undefined;
  /** Frames of an animation of how the picture came about; undefined if none was asked for. */
  readonly frames: Frames | undefined;
  /** The frames of a content that moves, of which `picture` is the first; undefined for a still. */
  readonly animation?: PaintedAnimation | undefined;
  /** Number of optimiser steps that were made. */
  readonly epochs: number;
  readonly evaluations: number;
  readonly stopped: boolean;
  /** What the picture lacks, because there was not enough memory or another failure; undefined if it lacks nothing. */
  readonly shortfall?: Shortfall | undefined;
  /** Facts that a kind tells people besides its picture. */
  readonly findings?: Findings | undefined;
}

/** The result of a task for which a network looked at pictures. */
export interface NetworkPainting<Findings = never> extends Painting<Findings> {
  readonly network: string;
  readonly engine: string;
  /** Time spent waiting for the engine, in seconds. */
  readonly engineSeconds: number;
}

/** Schemas of what is told of styles. */
export const styleFindings = {
  /** The colour that the style, or the first of several, is remembered by, as 0xRRGGBB. */
  accent: z.int().min(0).max(0xffffff),
  /** Whether a style moves; of one that does, the first frame counts. */
  styleMoves: z.boolean().optional(),
  /** Whether a style is transparent in places, which count as white. */
  styleIsTransparent: z.boolean().optional(),
};
export type StyleFindings = Readonly<z.infer<z.ZodObject<typeof styleFindings>>>;

/** Returns what is to be told of decoded styles. */
export function toldOfStyles(
  styles: readonly { readonly moves: boolean; readonly isTransparent: boolean }[],
): Omit<StyleFindings, 'accent'> {
  return {
    ...(styles.some(({ moves }) => moves) && { styleMoves: true }),
    ...(styles.some(({ isTransparent }) => isTransparent) && { styleIsTransparent: true }),
  };
}

/** The frames that tasks of a kind paint. */
export interface TaskFrames<Task> {
  /** Returns how many frames a task paints at most; 1 for a still. */
  readonly of: (task: Task) => number;
  /** Returns a copy of a task that paints so many frames at most. */
  readonly with: (task: Task, frames: number) => Task;
  /**
   * Returns how many frames a task will paint of the content that it got, which is looked at without decoding a pixel.
   * @throws `image/…` if the animation can't be used.
   */
  readonly in: (task: Task, inputs: Inputs) => Promise<number>;
}

/** Everything about one kind of task, apart from how people ask for it. */
export interface Work<Task, Result extends Painting<unknown>> {
  readonly schema: z.ZodType<Task>;
  /** Returns the names of the pictures that a task is made from. */
  readonly inputsOf: (task: Task) => readonly InputName[];
  /** Returns the longer side that a task works at, in pixels. */
  readonly sizeOf: (task: Task) => number;
  /** Returns a copy of a task that works at another size. */
  readonly withSize: (task: Task, size: number) => Task;
  readonly costOf: (task: Task) => Cost;
  /** How a task is told how many frames of a content that moves it paints; undefined for kinds that paint stills. */
  readonly frames?: TaskFrames<Task>;
  /**
   * Performs a task. If the task is stopped, the result is the best one by then.
   * @throws `image/…` if an input is no picture that can be used; `engine/…` if computing fails; what `engineFor`
   *   throws.
   */
  readonly perform: (task: Task, inputs: Inputs, options: PerformOptions) => Promise<Result>;
}
