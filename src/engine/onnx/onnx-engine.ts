import { availableParallelism } from 'node:os';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type {
  Activations,
  Engine,
  FeatureRequest,
  Features,
  Gram,
  PerceptualObjective,
  PreparedObjective,
} from '../engine.js';
import { EngineError } from '../engine-error.js';
import { relativeErrors, withEnergies } from '../relative-error.js';
import {
  areaOf,
  checkContentSizes,
  checkObjective,
  checkPicture,
  disposedError,
  downsamplingOf,
  layersIn,
} from '../request-checks.js';
import { layersOf, type Network } from '../weights/network.js';
import { featureGraph, lossGraph, names } from './loss-graph.js';
import { InferenceSession, Tensor } from './onnx-runtime.js';

/** How an {@link OnnxEngine} runs. */
export interface OnnxEngineOptions {
  /** Default: as many as there are processors. */
  readonly threads?: number | undefined;
  /** Default: `cpu`. `cuda` only after `requireCuda`: sessions are made late, and errors about it would come late too. */
  readonly provider?: 'cpu' | 'cuda' | undefined;
}

/** How ONNX Runtime, CUDA and its libraries say that there is no memory. */
const outOfMemory = /bad_alloc|failed to allocate|out of memory|alloc_failed/i;

/**
 * Sides that are multiples of this let most convolutions skip a copy, see {@link lossGraph}. A canvas has such sides, and so
 * a transfer needs but one session at all its scales.
 */
const wellDivided = 16;

/**
 * The engine that runs wherever there is a processor: ONNX Runtime on graphs that hold the forward pass, the losses and the
 * backward pass. One session for each set of layers, made when first asked for and kept.
 */
export class OnnxEngine implements Engine {
  readonly name;
  readonly network;
  readonly #network: Network;
  readonly #threads: number;
  readonly #provider: 'cpu' | 'cuda';
  readonly #sessions = new Map<string, Promise<InferenceSession>>();
  #disposed = false;

  constructor(network: Network, { threads = availableParallelism(), provider = 'cpu' }: OnnxEngineOptions = {}) {
    this.name = provider === 'cpu' ? 'onnx' : 'onnx-cuda';
    this.#network = network;
    this.#threads = threads;
    this.#provider = provider;
    this.network = { name: network.name, pooling: network.pooling, layers: layersOf(network) };
  }

  async features(image: RgbImage, { activations = [], grams = [] }: FeatureRequest): Promise<Features> {
    const layers = { activations: unique(activations), grams: unique(grams) };
    const all = [...layers.activations, ...layers.grams];
    if (all.length === 0) return { activations: new Map(), grams: new Map() };
    this.#checkAlive();
    checkPicture(this.#network, image, all);
    const session = await this.#session(`features ${JSON.stringify(layers)}`, false, () =>
      featureGraph(this.#network, layers),
    );
    const feeds: Record<string, Tensor> = { [names.image]: imageTensor(image) };
    for (const layer of layers.grams) {
      feeds[names.inverseArea(layer)] = scalar(1 / areaOf(this.#network, layer, image));
    }
    const results = await this.#run(session, feeds);
    return {
      activations: new Map(
        layers.activations.map((layer) => [layer, activationsFrom(results[names.activations(layer)])]),
      ),
      grams: new Map(layers.grams.map((layer) => [layer, gramFrom(results[names.gram(layer)])])),
    };
  }

  async prepare(objective: PerceptualObjective): Promise<PreparedObjective> {
    this.#checkAlive();
    checkObjective(this.#network, objective);
    const terms = withEnergies(objective);
    const layers = { content: terms.content.map(({ layer }) => layer), style: terms.style.map(({ layer }) => layer) };
    const all = layersIn(objective);
    const stride = Math.max(...all.map((layer) => downsamplingOf(this.#network, layer)));
    const constants: Record<string, Tensor> = {};
    for (const { layer, target } of terms.content) {
      constants[names.contentTarget(layer)] = new Tensor('float32', target.data, [
        1,
        target.channels,
        target.height,
        target.width,
      ]);
    }
    for (const { layer, target } of terms.style) {
      constants[names.styleTarget(layer)] = new Tensor('float32', target.data, [target.channels, target.channels]);
    }

    return {
      evaluate: async (image) => {
        this.#checkAlive();
        checkPicture(this.#network, image, all);
        checkContentSizes(this.#network, objective, image);
        const divisor = [wellDivided, stride].find((size) => size % stride === 0 && divides(size, image)) ?? 1;
        const feeds: Record<string, Tensor> = { ...constants, [names.image]: imageTensor(image) };
        for (const { layer, weight, energy } of terms.content) {
          feeds[names.contentScale(layer)] = scalar((2 * weight) / energy);
        }
        for (const { layer, weight, energy } of terms.style) {
          const area = areaOf(this.#network, layer, image);
          feeds[names.inverseArea(layer)] = scalar(1 / area);
          feeds[names.styleScale(layer)] = scalar((4 * weight) / (energy * area));
        }
        const session = await this.#session(`loss ${divisor} ${JSON.stringify(layers)}`, true, () =>
          lossGraph(this.#network, layers, divisor),
        );
        const results = await this.#run(session, feeds);
        const errorName = { content: names.contentError, style: names.styleError };
        const squaredError = (kind: 'content' | 'style', layer: string) =>
          floatsOf(results[errorName[kind](layer)])[0] ?? Number.NaN;
        return { ...relativeErrors(terms, squaredError), gradient: floatsOf(results[names.gradient]) };
      },
    };
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#releaseSessions();
  }

  async #releaseSessions(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === 'fulfilled') await session.value.release();
    }
  }

  /**
   * @param keepsMemory - whether what a run allocates is kept for the next: right for the session that runs hundreds of
   *   times, a waste for those that run once a scale.
   */
  #session(key: string, keepsMemory: boolean, graph: () => Uint8Array): Promise<InferenceSession> {
    const known = this.#sessions.get(key);
    if (known) return known;
    const session = InferenceSession.create(graph(), {
      executionProviders: [this.#provider],
      intraOpNumThreads: this.#threads,
      interOpNumThreads: 1,
      enableCpuMemArena: keepsMemory,
      // Between runs its threads would wait by spinning, in the way of everything else on the machine.
      extra: { session: { force_spinning_stop: '1' } },
      // Warnings about graphs are for us, not for users.
      logSeverityLevel: 3,
    });
    this.#sessions.set(key, session);
    // A session that could not be made is tried anew the next time.
    session.catch(() => this.#sessions.delete(key));
    return session;
  }

  async #run(session: InferenceSession, feeds: Readonly<Record<string, Tensor>>) {
    this.#checkAlive();
    try {
      return await session.run(feeds);
    } catch (cause) {
      // The engine may have been disposed of while the run waited for its turn.
      this.#checkAlive();
      const reason = (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\.$/, '');
      if (!outOfMemory.test(reason)) throw new EngineError('failed', `ONNX Runtime failed: ${reason}.`, {}, { cause });
      // What they keep for the next run would be missing at a smaller size as well.
      await this.#releaseSessions();
      const advice = 'Take a smaller size or network, or give the process more memory.';
      throw new EngineError('out-of-memory', `ONNX Runtime failed: ${reason}. ${advice}`, {}, { cause });
    }
  }

  #checkAlive(): void {
    if (this.#disposed) throw disposedError();
  }
}

function divides(size: number, { width, height }: RgbImage): boolean {
  return width % size === 0 && height % size === 0;
}

function imageTensor({ width, height, data }: RgbImage): Tensor {
  return new Tensor('float32', data, [1, 3, height, width]);
}

function scalar(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), []);
}

function floatsOf(value: unknown): Float32Array {
  if (value instanceof Tensor && value.data instanceof Float32Array) return value.data;
  throw new EngineError('failed', 'ONNX Runtime returned something else than a float32 tensor.');
}

function activationsFrom(value: unknown): Activations {
  const data = floatsOf(value);
  const [, channels = 0, height = 0, width = 0] = value instanceof Tensor ? value.dims : [];
  return { channels, height, width, data };
}

function gramFrom(value: unknown): Gram {
  const data = floatsOf(value);
  return { channels: Math.sqrt(data.length), data };
}

function unique(layers: readonly string[]): readonly string[] {
  return [...new Set(layers)];
}
