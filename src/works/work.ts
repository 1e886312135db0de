import { z } from 'zod';
import type { Engine } from '../engine/engine.js';
import { networkNames, poolings } from '../engine/topology.js';
import type { Frames } from '../imaging/gif/writer.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Cost } from './cost.js';
import type { PaintingProgress } from './progress.js';

/** The fields of tasks that need a network to look at pictures. */
export const engineNeeds = {
  /** Undefined: the network that is usual where the task is performed. */
  network: z.enum(networkNames).optional(),
  /** Undefined: the pooling that the network was trained with. */
  pooling: z.enum(poolings).optional(),
};
export type EngineNeeds = Readonly<z.infer<z.ZodObject<typeof engineNeeds>>>;

/** The pictures that tasks are made from, by the names that they are stored under. */
export type InputName = 'content' | 'style' | `style-${number}` | 'mask' | 'first' | 'second';

/** A picture as it was sent, in bytes that were accepted before. */
export interface EncodedPicture {
  readonly bytes: Uint8Array;
  /** The file that it comes from, which errors then name. */
  readonly file?: string | undefined;
}

/** Gives the pictures of a task. A picture may be asked for more than once. */
export type Inputs = (input: InputName) => Promise<EncodedPicture>;

/** What a task is performed with. */
export interface PerformOptions {
  /** Opens an engine, or gives the one that is open already. Kinds that need no network don't call it. */
  readonly engineFor: (needs: EngineNeeds) => Promise<Engine>;
  /** Whether an animation is wanted. Recording its frames takes time and memory. */
  readonly animated: boolean;
  /** Stops the task within one evaluation. */
  readonly signal?: AbortSignal | undefined;
  /** The task goes on once the promise that this returns is settled. */
  readonly onProgress?: ((progress: PaintingProgress) => void | Promise<void>) | undefined;
}

/** What a task came to. If the task was stopped, the picture is the best one by then. */
export interface Painting<Findings = never> {
  readonly picture: RgbImage;
  /** How the picture came about; undefined if no animation was asked for. */
  readonly frames: Frames | undefined;
  /** Optimiser steps that were made. */
  readonly epochs: number;
  readonly evaluations: number;
  readonly stopped: boolean;
  /** What a kind tells people besides its picture. */
  readonly findings?: Findings | undefined;
}

/** What a task came to that a network looked at. */
export interface NetworkPainting extends Painting {
  readonly network: string;
  readonly engine: string;
  /** The seconds that were spent waiting for the engine. */
  readonly engineSeconds: number;
}

/** One kind of task: all that is known of it apart from how people ask for it. */
export interface Work<Task, Result extends Painting<unknown>> {
  readonly schema: z.ZodType<Task>;
  /** The pictures that a task is made from. */
  readonly inputsOf: (task: Task) => readonly InputName[];
  /** The longer side that a task works at, in pixels. */
  readonly sizeOf: (task: Task) => number;
  /** The same task at another size. */
  readonly withSize: (task: Task, size: number) => Task;
  readonly costOf: (task: Task) => Cost;
  /**
   * Performs a task. When it is stopped, it returns what there is by then.
   * @throws `image/…` if an input is no picture that can be used; `engine/…`; what opening the engine throws.
   */
  readonly perform: (task: Task, inputs: Inputs, options: PerformOptions) => Promise<Result>;
}
