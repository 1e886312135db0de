import type { ComputeRequest } from '../compute/compute.js';
import { performLayers } from './perform-layers.js';
import { performSpotDifference } from './perform-spot-difference.js';
import { performStyleTransfer } from './perform-style-transfer.js';
import { performTexture } from './perform-texture.js';
import type { Painting, Performer, PerformOptions } from './performance.js';
import type { TaskKind, TaskOf } from './task.js';

/** How each kind of task is done. */
const performers: { readonly [Kind in TaskKind]: Performer<TaskOf<Kind>> } = {
  'style-transfer': performStyleTransfer,
  'spot-difference': performSpotDifference,
  layers: performLayers,
  texture: performTexture,
};

/** Does a task, from its encoded inputs to a picture. @throws what its kind throws. */
export function perform<Kind extends TaskKind>(
  task: TaskOf<Kind>,
  inputs: ComputeRequest['inputs'],
  options: PerformOptions,
): Promise<Painting> {
  return performers[task.kind](task, inputs, options);
}
