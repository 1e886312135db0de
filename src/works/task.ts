import type { NetworkName, Pooling } from '../engine/topology.js';
import type { LayerWeights } from '../transfer/layers.js';
import type { TransferRecipe } from '../transfer/recipe/recipe.js';

/** What looks at pictures, where a task needs something that does. */
export interface EngineNeeds {
  /** Undefined: the network that its compute process was started with. */
  readonly network?: NetworkName | undefined;
  /** Undefined: what the network was trained with. */
  readonly pooling?: Pooling | undefined;
}

/** A style transfer. */
export interface StyleTransferTask extends EngineNeeds {
  readonly kind: 'style-transfer';
  readonly transfer: TransferRecipe & { readonly size: number; readonly epochs: number };
  /** How much each style counts, in the order of the inputs `style`, `style-2`, …; undefined: there is one. */
  readonly styleWeights?: readonly number[] | undefined;
  /** Whether a picture `mask` says where the style goes. */
  readonly hasMask?: boolean | undefined;
}

/** Turns one picture into another by its pixels alone, and marks where they differ. Needs no network. */
export interface SpotDifferenceTask {
  readonly kind: 'spot-difference';
  readonly size: number;
  readonly epochs: number;
}

/** Shows what is left of a picture in single layers of a network. */
export interface LayersTask extends EngineNeeds {
  readonly kind: 'layers';
  readonly layers: readonly string[];
  /** The longer side of each layer's picture, in pixels. */
  readonly size: number;
  /** Of each layer. */
  readonly epochs: number;
  readonly seed?: number | undefined;
}

/** A texture of a style, out of noise. */
export interface TextureTask extends EngineNeeds {
  readonly kind: 'texture';
  readonly size: number;
  readonly epochs: number;
  /** Whether it goes on seamlessly where it is laid side by side. */
  readonly tile: boolean;
  /** What style is compared by; undefined: by network. */
  readonly layers?: LayerWeights | undefined;
  readonly seed?: number | undefined;
}

interface TasksByKind {
  readonly 'style-transfer': StyleTransferTask;
  readonly 'spot-difference': SpotDifferenceTask;
  readonly layers: LayersTask;
  readonly texture: TextureTask;
}

export type TaskKind = keyof TasksByKind;

/** Tasks of some kinds. It is written so that a table by kind takes the task that belongs to it. */
export type TaskOf<Kind extends TaskKind> = { [K in Kind]: { readonly kind: K } & TasksByKind[K] }[Kind];

/**
 * What can be computed, by `kind`: everything but the pictures, as plain data. Queue, journal and delivery don't care which
 * kind it is.
 */
export type Task = TaskOf<TaskKind>;

/** The pictures that tasks are made from, by the names that they are stored under. */
export type InputName = 'content' | 'style' | `style-${number}` | 'mask' | 'first' | 'second';

/** What the kinds differ in, as far as jobs need to know. */
interface KindOfTask<Kind extends TaskKind> {
  readonly inputs: (task: TaskOf<Kind>) => readonly InputName[];
  /** The longer side of what it works on, in pixels. */
  readonly size: (task: TaskOf<Kind>) => number;
  readonly resized: (task: TaskOf<Kind>, size: number) => TaskOf<Kind>;
}

const kinds: { readonly [Kind in TaskKind]: KindOfTask<Kind> } = {
  'style-transfer': {
    inputs: ({ styleWeights = [1], hasMask = false }) => [
      'content',
      ...styleWeights.map((_, index) => styleInput(index)),
      ...(hasMask ? (['mask'] as const) : []),
    ],
    size: ({ transfer }) => transfer.size,
    resized: (task, size) => ({ ...task, transfer: { ...task.transfer, size } }),
  },
  'spot-difference': {
    inputs: () => ['first', 'second'],
    size: ({ size }) => size,
    resized: (task, size) => ({ ...task, size }),
  },
  layers: {
    inputs: () => ['content'],
    size: ({ size }) => size,
    resized: (task, size) => ({ ...task, size }),
  },
  texture: {
    inputs: () => ['style'],
    size: ({ size }) => size,
    resized: (task, size) => ({ ...task, size }),
  },
};

/** Whether a word from outside names a kind of task. */
export function isTaskKind(kind: unknown): kind is TaskKind {
  return typeof kind === 'string' && Object.hasOwn(kinds, kind);
}

/** The name of the style picture with that index, from 0: `style`, `style-2`, … */
export function styleInput(index: number): InputName {
  return index === 0 ? 'style' : `style-${index + 1}`;
}

/** The pictures that a task is made from. */
export function inputsOf<Kind extends TaskKind>(task: TaskOf<Kind>): readonly InputName[] {
  return kinds[task.kind].inputs(task);
}

/** The longer side that a task works at, in pixels. */
export function sizeOf<Kind extends TaskKind>(task: TaskOf<Kind>): number {
  return kinds[task.kind].size(task);
}

/** The same task at another size. */
export function withSize<Kind extends TaskKind>(task: TaskOf<Kind>, size: number): TaskOf<Kind> {
  return kinds[task.kind].resized(task, size);
}
