import type { ComputeRequest } from '../compute/compute.js';
import type { Engine } from '../engine/engine.js';
import type { Frames } from '../imaging/gif/writer.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Findings } from './findings.js';
import type { JobProgress } from './progress.js';
import type { EngineNeeds } from './task.js';

/** What a task is done with. */
export interface PerformOptions {
  /** Opens what looks at pictures, or gives what is open already; kinds that need none don't ask for it. */
  readonly engineFor: (needs: EngineNeeds) => Promise<Engine>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** What a task came to, before it is encoded. */
export interface Painting {
  readonly picture: RgbImage;
  /** How it came about. */
  readonly frames: Frames;
  readonly epochs: number;
  readonly evaluations: number;
  readonly findings?: Findings | undefined;
}

/** How a kind of task is done, from its encoded inputs on. */
export type Performer<Task> = (
  task: Task,
  inputs: ComputeRequest['inputs'],
  options: PerformOptions,
) => Promise<Painting>;
