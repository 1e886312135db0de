import { type Labour, transferCost, typicalNetwork } from '../works/cost.js';
import { costOf, type Task } from '../works/works.js';

/** How long a task took, from its start to the encoded result. */
export interface Measurement {
  readonly task: Task;
  readonly seconds: number;
}

/**
 * About how long decoding, encoding and drawing the GIF take together. This hardly depends on the machine's speed at
 * networks, nor on the epochs.
 */
const overheadSeconds = 2;

/** The part of {@link overheadSeconds} that is spent after the last epoch. */
export const finishingSeconds = 1.5;

/** How long a transfer of 512 pixels and 100 epochs takes with VGG19-lite on two processor cores. */
const typicalSeconds = 15;
const typicalPixelEpochs = transferCost(typicalNetwork, { size: 512, epochs: 100 }).pixelEpochs;

/** How many of the latest measurements count, for each network. */
const memory = 7;

/** How fast this machine was at a task. */
interface Sample {
  /** Seconds that the work took, divided by those that it takes on a typical machine. */
  readonly slowness: number;
  /** Weight of this sample in the median: small tasks are measured badly, since most of their time is overhead. */
  readonly weight: number;
}

/**
 * Estimates how long tasks take here from how long the last ones took. It takes the median, so that a task that was
 * measured while the machine was busy with something else changes little. Networks are measured apart: how many times
 * as long one takes as another differs between engines, and their multiplications are only a first guess. Tasks without
 * a network are measured apart as well, and tell nothing about networks.
 */
export class DurationEstimate {
  /** The samples that count, by labour, the newest last. */
  readonly #samples = new Map<Labour, Sample[]>();
  /** The median of the samples, by labour. */
  readonly #slowness = new Map<Labour, number>();
  /** The median of all networks' samples, which is assumed for a network that has none yet. */
  #usualSlowness: number;

  /**
   * @param earlier - measurements of earlier processes, the newest first.
   * @param guessSeconds - how long a transfer of 512 pixels and 100 epochs takes, until something was measured.
   */
  constructor(earlier: readonly Measurement[] = [], guessSeconds = typicalSeconds) {
    this.#usualSlowness = workSeconds(guessSeconds) / workSeconds(typicalSeconds);
    for (const { task, seconds } of earlier.toReversed()) this.record(task, seconds);
  }

  /** Returns how long a task will take on this machine, in seconds. */
  secondsOf(task: Task): number {
    const { labour, seconds } = typicalWork(task);
    const usual = labour === 'pixels' ? 1 : this.#usualSlowness;
    return overheadSeconds + (this.#slowness.get(labour) ?? usual) * seconds;
  }

  /** Takes into account how long a task took. Ignores seconds that aren't a finite number above 0. */
  record(task: Task, seconds: number): void {
    if (!(Number.isFinite(seconds) && seconds > 0)) return;
    const { labour, seconds: typical } = typicalWork(task);
    const weight = Math.min(typical, workSeconds(typicalSeconds));
    const samples = [...(this.#samples.get(labour) ?? []), { slowness: workSeconds(seconds) / typical, weight }];
    this.#samples.set(labour, samples.slice(-memory));
    this.#slowness.set(labour, weightedMedian(samples.slice(-memory)));
    const ofNetworks = [...this.#samples].flatMap(([name, known]) => (name === 'pixels' ? [] : known));
    if (ofNetworks.length > 0) this.#usualSlowness = weightedMedian(ofNetworks);
  }
}

/**
 * Returns how much work a task is, in seconds of a typical machine. Unlike an estimate it never changes, so that the
 * costs of jobs that were added at different times can be compared.
 */
export function typicalSecondsOf(task: Task): number {
  return overheadSeconds + typicalWork(task).seconds;
}

interface TypicalWork {
  readonly labour: Labour;
  /** How many seconds a typical machine takes for the work. */
  readonly seconds: number;
}

/** The work of tasks, kept because planning scales is slow and a queue asks for each waiting job after every change. */
const knownWork = new WeakMap<Task, TypicalWork>();

function typicalWork(task: Task): TypicalWork {
  const known = knownWork.get(task);
  if (known !== undefined) return known;
  const { labour, pixelEpochs } = costOf(task);
  const work = { labour, seconds: (workSeconds(typicalSeconds) * pixelEpochs) / typicalPixelEpochs };
  knownWork.set(task, work);
  return work;
}

/** Returns a task's seconds without the overhead, but at least a tenth: small tasks can take less than the overhead. */
function workSeconds(seconds: number): number {
  return Math.max(seconds - overheadSeconds, 0.1 * seconds);
}

function weightedMedian(samples: readonly Sample[]): number {
  const sorted = samples.toSorted((a, b) => a.slowness - b.slowness);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  // Between two samples, the median is the faster one: the first task of a process is slower than any other.
  const median = sorted.find(({ weight }) => {
    below += weight;
    return below >= half;
  });
  return median?.slowness ?? 1;
}
