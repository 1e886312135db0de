import type { Task, TaskKind, TaskOf } from '../task.js';
import type { ComputeRequest } from './compute.js';
import { performStyleTransfer } from './perform-style-transfer.js';
import type { Painting, Performer, PerformOptions } from './performance.js';

const notYet: Performer<Task> = async ({ kind }) => {
  throw new Error(`Tasks of the kind "${kind}" can't be done yet`);
};

/** How each kind of task is done. */
const performers: { readonly [Kind in TaskKind]: Performer<TaskOf<Kind>> } = {
  'style-transfer': performStyleTransfer,
  'spot-difference': notYet,
  layers: notYet,
  texture: notYet,
};

/** Does a task, from its encoded inputs to a picture. @throws what its kind throws. */
export function perform<Kind extends TaskKind>(
  task: TaskOf<Kind>,
  inputs: ComputeRequest['inputs'],
  options: PerformOptions,
): Promise<Painting> {
  return performers[task.kind](task, inputs, options);
}
