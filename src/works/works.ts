import { z } from 'zod';
import type { Cost } from './cost.js';
import { layersWork } from './layers.js';
import { spotDifferenceWork } from './spot-difference.js';
import { styleTransferWork } from './style-transfer.js';
import { textureWork } from './texture.js';
import { performWithinMemory, type Shrinkable } from './within-memory.js';
import type { InputName, Inputs, PerformOptions, Work } from './work.js';

/** All kinds of task. */
const works = {
  'style-transfer': styleTransferWork,
  'spot-difference': spotDifferenceWork,
  layers: layersWork,
  texture: textureWork,
};
type Works = typeof works;

export type TaskKind = keyof Works;

/** Tasks of some kinds. It is written so that a table by kind takes the task that belongs to it. */
export type TaskOf<Kind extends TaskKind> = {
  [K in Kind]: { readonly kind: K } & z.infer<Works[K]['schema']>;
}[Kind];

/** What tasks of some kinds come to. */
type PaintingOf<Kind extends TaskKind> = { [K in Kind]: Awaited<ReturnType<Works[K]['perform']>> }[Kind];

/** What came out besides pictures, by the kind of task. */
export type Findings = NonNullable<PaintingOf<TaskKind>['findings']>;

/**
 * What can be computed, by `kind`: everything but the pictures, as plain data. Queue, journal and delivery don't care which
 * kind it is.
 */
export type Task = TaskOf<TaskKind>;

/** What a task must be that comes from elsewhere. */
export const taskSchema: z.ZodType<Task> = z.union(Object.values(works).map(({ schema }) => schema));

const byKind: { readonly [Kind in TaskKind]: Work<TaskOf<Kind>, PaintingOf<Kind>> } = works;

/** The pictures that a task is made from. */
export function inputsOf<Kind extends TaskKind>(task: TaskOf<Kind>): readonly InputName[] {
  return byKind[task.kind].inputsOf(task);
}

/** The longer side that a task works at, in pixels. */
export function sizeOf<Kind extends TaskKind>(task: TaskOf<Kind>): number {
  return byKind[task.kind].sizeOf(task);
}

/** How much work a task is. */
export function costOf<Kind extends TaskKind>(task: TaskOf<Kind>): Cost {
  return byKind[task.kind].costOf(task);
}

/**
 * Performs a task, if need be at a smaller size, see {@link performWithinMemory}. When it is stopped, it returns what there
 * is by then.
 * @throws what its kind throws.
 */
export function perform<Kind extends TaskKind>(
  task: TaskOf<Kind>,
  inputs: Inputs,
  options: PerformOptions,
): Promise<Shrinkable<PaintingOf<Kind>>> {
  return performWithinMemory(byKind[task.kind], task, inputs, options);
}
