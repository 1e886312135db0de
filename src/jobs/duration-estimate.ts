import type { NetworkName } from '../engine/topology.js';
import {
  type Cost,
  type Labour,
  networkCost,
  overheadSeconds,
  secondsPerPixelEpoch,
  transferCost,
  typicalNetwork,
} from '../works/cost.js';
import { costOf, type Task } from '../works/works.js';
import type { Measurement } from './measurements.js';

/** The part of `overheadSeconds` that is spent after the last epoch. */
export const finishingSeconds = 1.5;

/** How long a transfer of 512 pixels and 100 epochs takes with VGG19-lite on two processor cores, its animation included. */
const typicalSeconds = 10;
const typicalPixelEpochs = transferCost(typicalNetwork, { size: 512, epochs: 100 }).pixelEpochs;

/** How many of the latest measurements count, for each network. */
const memory = 7;

/**
 * What counts as much as all measurements together before there are any, in typical seconds of work: a guess, or how fast
 * the engine was when it was opened. Thumbnails alone, which take hardly longer than what is around the work, don't
 * outweigh it.
 */
const guessWeight = 1.5;

/** How fast this machine was at a task. */
interface Sample {
  /** Seconds that the work took, divided by those that it takes on a typical machine. */
  readonly slowness: number;
  /** Weight of this sample in the median: small tasks are measured badly, since most of their time is overhead. */
  readonly weight: number;
}

/**
 * Estimates how long tasks take here from how long the last ones took, and at first from how fast the engine was when it
 * was opened. It takes the median, so that a task that was measured while the machine was busy with something else
 * changes little. Networks are measured apart: how many times as long one takes as another differs between engines, and
 * their multiplications are only a first guess. Tasks without a network are measured apart as well, and tell nothing
 * about networks.
 */
export class DurationEstimate {
  readonly #onMeasured: (measurement: Measurement) => void;
  /** The samples that count, by labour, the newest last. */
  readonly #samples = new Map<Labour, Sample[]>();
  /** How slow the machine was with a network when its engine was opened. */
  readonly #first = new Map<Labour, Sample>();
  /** What is known by now of each labour, since a queue asks for each waiting job after every change. */
  readonly #slowness = new Map<Labour, number>();

  /**
   * @param earlier - measurements of earlier processes, the oldest first.
   * @param onMeasured - called with each new measurement, to be kept for later processes.
   */
  constructor(earlier: readonly Measurement[] = [], onMeasured: (measurement: Measurement) => void = () => {}) {
    for (const measurement of earlier) this.#learn(measurement);
    this.#onMeasured = onMeasured;
  }

  /** Returns how long a task will take on this machine, in seconds. */
  secondsOf(task: Task): number {
    const { labour, seconds } = typicalWork(task);
    return overheadSeconds + this.#slownessOf(labour) * seconds;
  }

  /** Takes into account how long a task took. Ignores seconds that aren't a finite number above 0. */
  record(task: Task, seconds: number): void {
    if (!(Number.isFinite(seconds) && seconds > 0)) return;
    const measurement = { ...costOf(task), seconds };
    this.#learn(measurement);
    this.#onMeasured(measurement);
  }

  /**
   * Takes into account how fast an engine was when it was opened, which counts until there are proper measurements.
   * @param secondsPerPixel - of an evaluation, see `evaluationPixels`.
   */
  engineOpened(network: NetworkName, secondsPerPixel: number): void {
    const typical = (networkCost(network) * workSeconds(typicalSeconds)) / typicalPixelEpochs;
    const measured = secondsPerPixelEpoch(secondsPerPixel) / typical;
    // A trial can only be slowed down by what else the machine does: the fastest one is nearest to the truth.
    const slowness = Math.min(measured, this.#first.get(network)?.slowness ?? measured);
    this.#first.set(network, { slowness, weight: guessWeight });
    this.#slowness.clear();
  }

  #learn({ labour, pixelEpochs, seconds }: Measurement): void {
    const typical = typicalSecondsFor({ labour, pixelEpochs });
    const weight = Math.min(typical, workSeconds(typicalSeconds));
    const samples = [...(this.#samples.get(labour) ?? []), { slowness: workSeconds(seconds) / typical, weight }];
    this.#samples.set(labour, samples.slice(-memory));
    this.#slowness.clear();
  }

  #slownessOf(labour: Labour): number {
    const known = this.#slowness.get(labour);
    if (known !== undefined) return known;
    const first = this.#first.get(labour) ?? { slowness: this.#usualSlowness(labour), weight: guessWeight };
    const slowness = weightedMedian([first, ...(this.#samples.get(labour) ?? [])]);
    this.#slowness.set(labour, slowness);
    return slowness;
  }

  /** Returns what is assumed for a labour by itself: for a network, how slow the machine is with others. */
  #usualSlowness(labour: Labour): number {
    if (labour === 'pixels') return 1;
    const ofNetworks = [...this.#samples].flatMap(([name, samples]) => (name === 'pixels' ? [] : samples));
    return this.#first.size > 0
      ? weightedMedian([...this.#first.values(), ...ofNetworks])
      : weightedMedian([{ slowness: 1, weight: guessWeight }, ...ofNetworks]);
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
  const cost = costOf(task);
  const work = { labour: cost.labour, seconds: typicalSecondsFor(cost) };
  knownWork.set(task, work);
  return work;
}

/** Returns how many seconds a typical machine takes for the work of this cost. */
function typicalSecondsFor({ pixelEpochs }: Cost): number {
  return (workSeconds(typicalSeconds) * pixelEpochs) / typicalPixelEpochs;
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
