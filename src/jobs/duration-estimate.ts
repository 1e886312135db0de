import { multiplicationsPerPixel, type NetworkName, topologies } from '../engine/topology.js';
import { planScales } from '../transfer/scales.js';
import type { Task } from './job.js';

/** How long a task took, from its start to the encoded result. */
export interface Measurement {
  readonly task: Task;
  readonly seconds: number;
}

/**
 * Of decoding, encoding and drawing the GIF, about; it hardly depends on the machine's speed at networks, nor on the epochs.
 */
const overheadSeconds = 2;

/** The part of it that comes when the last epoch is done. */
export const finishingSeconds = 1.5;

/** What a transfer of 512 pixels and 100 epochs takes with VGG19-lite on two processor cores. */
const typicalSeconds = 15;
const typicalPixelEpochs = pixelEpochs({ size: 512, epochs: 100 });

/** The network that all this is about, and whose tasks don't always say so. */
const typicalNetwork = 'vgg19-lite';

/** The deepest layer that a transfer usually looks at; a network's others are not computed. */
const deepestConvolution = '5_1';

/** Measurements that count, for each network. */
const memory = 7;

/** How fast this machine was at a task. */
interface Sample {
  /** Seconds that the work took, over those that it takes typically. */
  readonly slowness: number;
  /** How much it says: small tasks are measured badly, since most of their time is overhead. */
  readonly weight: number;
}

/**
 * How long tasks take here, from how long the last ones took. The median is taken, so that one that was measured while the
 * machine was busy with something else changes little. Networks are measured apart: how many times as long one takes as
 * another differs between engines, and their multiplications are only a first guess.
 */
export class DurationEstimate {
  /** By network, the newest last. */
  readonly #samples = new Map<NetworkName, Sample[]>();
  /** By network. */
  readonly #slowness = new Map<NetworkName, number>();
  /** Over all networks. */
  #usualSlowness: number;

  /**
   * @param earlier - what was measured by earlier processes, the newest first.
   * @param guessSeconds - what a transfer of 512 pixels and 100 epochs takes, until something was measured.
   */
  constructor(earlier: readonly Measurement[] = [], guessSeconds = typicalSeconds) {
    this.#usualSlowness = workSeconds(guessSeconds) / workSeconds(typicalSeconds);
    for (const { task, seconds } of earlier.toReversed()) this.record(task, seconds);
  }

  /** How long a task will take, in seconds. */
  secondsOf(task: Task): number {
    const slowness = this.#slowness.get(networkOf(task)) ?? this.#usualSlowness;
    return overheadSeconds + slowness * typicalWorkSeconds(task);
  }

  /** Takes into account how long a task took; what is impossible is passed over. */
  record(task: Task, seconds: number): void {
    if (!(Number.isFinite(seconds) && seconds > 0)) return;
    const typical = typicalWorkSeconds(task);
    const weight = Math.min(typical, workSeconds(typicalSeconds));
    const network = networkOf(task);
    const samples = [...(this.#samples.get(network) ?? []), { slowness: workSeconds(seconds) / typical, weight }];
    this.#samples.set(network, samples.slice(-memory));
    this.#slowness.set(network, weightedMedian(samples.slice(-memory)));
    this.#usualSlowness = weightedMedian([...this.#samples.values()].flat());
  }
}

function networkOf({ network = typicalNetwork }: Task): NetworkName {
  return network;
}

/**
 * How much work a task is, in seconds of a typical machine. Unlike an estimate it never changes, so that the costs of jobs
 * that were added at different times can be compared.
 */
export function typicalSecondsOf(task: Task): number {
  return overheadSeconds + typicalWorkSeconds(task);
}

/** What an evaluation by each network costs, against the typical one's. */
const relativeCosts: Readonly<Record<NetworkName, number>> = {
  'vgg19-lite': relativeCost('vgg19-lite'),
  vgg16: relativeCost('vgg16'),
  vgg19: relativeCost('vgg19'),
};

function relativeCost(network: NetworkName): number {
  const cost = (name: NetworkName) => multiplicationsPerPixel(topologies[name], deepestConvolution);
  return cost(network) / cost(typicalNetwork);
}

/** Planning scales takes longer than all else here, and a queue asks for each job that waits whenever something changes. */
const knownWorkSeconds = new WeakMap<Task, number>();

function typicalWorkSeconds(task: Task): number {
  const known = knownWorkSeconds.get(task);
  if (known !== undefined) return known;
  const work = (pixelEpochs(task.transfer) / typicalPixelEpochs) * relativeCosts[networkOf(task)];
  const seconds = workSeconds(typicalSeconds) * work;
  knownWorkSeconds.set(task, seconds);
  return seconds;
}

/** The seconds that the network takes. Small tasks can take less than the overhead, and still some of it is work. */
function workSeconds(seconds: number): number {
  return Math.max(seconds - overheadSeconds, 0.1 * seconds);
}

/** Pixels that the network sees, over all epochs: those of a square, since the picture isn't known yet. */
function pixelEpochs({ size, epochs }: { readonly size: number; readonly epochs: number }): number {
  const square = { width: size, height: size };
  return planScales(square, { size, epochs }).reduce(
    (sum, { width, height, epochs }) => sum + width * height * epochs,
    0,
  );
}

function weightedMedian(samples: readonly Sample[]): number {
  const sorted = samples.toSorted((a, b) => a.slowness - b.slowness);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  // Of two, this takes the faster: the first task of a process is slower than any other.
  const median = sorted.find(({ weight }) => {
    below += weight;
    return below >= half;
  });
  return median?.slowness ?? 1;
}
