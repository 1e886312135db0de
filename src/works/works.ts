import { z } from 'zod';
import type { Cost } from './cost.js';
import { layersWork } from './layers.js';
import { spotDifferenceWork } from './spot-difference.js';
import { styleTransferWork } from './style-transfer.js';
import { textureWork } from './texture.js';
import { performWithinMemory } from './within-memory.js';
import type { InputName, Inputs, PerformOptions, Work } from './work.js';

/** The work of every kind of task, by kind. */
const works = {
  'style-transfer': styleTransferWork,
  'spot-difference': spotDifferenceWork,
  layers: layersWork,
  texture: textureWork,
};
type Works = typeof works;

export type TaskKind = keyof Works;

/** Tasks of some kinds. The mapped type lets TypeScript match a task with the entry of its kind in a table by kind. */
export type TaskOf<Kind extends TaskKind> = {
  [K in Kind]: { readonly kind: K } & z.infer<Works[K]['schema']>;
}[Kind];

/** Results of tasks of some kinds. */
type PaintingOf<Kind extends TaskKind> = { [K in Kind]: Awaited<ReturnType<Works[K]['perform']>> }[Kind];

/** Facts that a result has besides its pictures; which ones depends on the kind of task. */
export type Findings = NonNullable<PaintingOf<TaskKind>['findings']>;

/**
 * Everything that says what is to be computed, except the pictures, as plain data. Queue, journal and delivery don't
 * care which `kind` it is.
 */
export type Task = TaskOf<TaskKind>;

/** Schema for tasks that come from elsewhere, such as the journal. */
export const taskSchema: z.ZodType<Task> = z.union(Object.values(works).map(({ schema }) => schema));

const byKind: { readonly [Kind in TaskKind]: Work<TaskOf<Kind>, PaintingOf<Kind>> } = works;

/** Returns the names of the pictures that a task is made from. */
export function inputsOf<Kind extends TaskKind>(task: TaskOf<Kind>): readonly InputName[] {
  return byKind[task.kind].inputsOf(task);
}

/** Returns the longer side that a task works at, in pixels. */
export function sizeOf<Kind extends TaskKind>(task: TaskOf<Kind>): number {
  return byKind[task.kind].sizeOf(task);
}

/** Returns how much work a task is, apart from decoding and encoding pictures. */
export function costOf<Kind extends TaskKind>(task: TaskOf<Kind>): Cost {
  return byKind[task.kind].costOf(task);
}

/** Returns how many frames a task paints at most, where its content moves; 1 for a still. */
export function framesOf<Kind extends TaskKind>(task: TaskOf<Kind>): number {
  return byKind[task.kind].frames?.of(task) ?? 1;
}

/** Returns a copy of a task that paints so many frames at most. */
export function withFrames<Kind extends TaskKind>(task: TaskOf<Kind>, frames: number): TaskOf<Kind> {
  return byKind[task.kind].frames?.with(task, frames) ?? task;
}

/**
 * Returns how many frames a task will paint, once its pictures are there; 1 for a still.
 * @throws `image/…` if its content is an animation that can't be used.
 */
export async function framesIn<Kind extends TaskKind>(task: TaskOf<Kind>, inputs: Inputs): Promise<number> {
  const { frames } = byKind[task.kind];
  return frames === undefined || frames.of(task) === 1 ? 1 : frames.in(task, inputs);
}

/**
 * Performs a task, at a smaller size if memory doesn't suffice (see {@link performWithinMemory}). If the task is
 * stopped, the result is the best one by then.
 * @throws what the task's kind throws.
 */
export function perform<Kind extends TaskKind>(
  task: TaskOf<Kind>,
  inputs: Inputs,
  options: PerformOptions,
): Promise<PaintingOf<Kind>> {
  return performWithinMemory(byKind[task.kind], task, inputs, options);
}
