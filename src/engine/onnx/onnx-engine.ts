import { availableParallelism } from 'node:os';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type {
  Activations,
  Engine,
  FeatureRequest,
  Features,
  Gram,
  Moments,
  PerceptualObjective,
  PreparedObjective,
} from '../engine.js';
import { engineError, isOutOfMemory } from '../engine-error.js';
import { measure, relativeErrors } from '../relative-error.js';
import {
  areaOf,
  checkObjective,
  checkPicture,
  checkSizes,
  disposedError,
  downsamplingOf,
  layersIn,
} from '../request-checks.js';
import { layersOf, type Network } from '../weights/network.js';
import { constantFeeds, descriptionOf, scalar, scaleFeeds } from './loss-feeds.js';
import { featureGraph, lossGraph } from './loss-graph.js';
import { names } from './loss-names.js';
import { InferenceSession, Tensor } from './onnx-runtime.js';
import { runtimeError } from './runtime-error.js';

/** The options of an {@link OnnxEngine}. */
export interface OnnxEngineOptions {
  /** Number of threads. Default: as many as there are processors. */
  readonly threads?: number | undefined;
  /** ONNX Runtime's execution provider. Default: `cpu`. Before `cuda`, call `requireCuda`: sessions fail late. */
  readonly provider?: 'cpu' | 'cuda' | undefined;
}

/**
 * The divisor of sides, in pixels, that lets most convolutions skip a copy, see {@link lossGraph}. A canvas has sides
 * that it divides, so that a transfer needs only one session at all its scales.
 */
const wellDivided = 16;

/**
 * The engine that runs on any processor: ONNX Runtime, with graphs that hold the forward pass, the losses and the
 * backward pass. A session for each set of layers is made when it is first needed, and kept.
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

  async features(image: RgbImage, request: FeatureRequest): Promise<Features> {
    const { activations = [], grams = [], moments = [] } = request;
    const layers = { activations: unique(activations), grams: unique(grams), moments: unique(moments) };
    const all = [...layers.activations, ...layers.grams, ...layers.moments];
    if (all.length === 0) return { activations: new Map(), grams: new Map(), moments: new Map() };
    this.#checkAlive();
    checkPicture(this.#network, image, all);
    const session = await this.#session(`features ${JSON.stringify(layers)}`, false, () =>
      featureGraph(this.#network, layers),
    );
    const feeds: Record<string, Tensor> = { [names.image]: imageTensor(image) };
    for (const layer of [...layers.grams, ...layers.moments]) {
      feeds[names.inverseArea(layer)] = scalar(1 / areaOf(this.#network, layer, image));
    }
    const results = await this.#run(session, feeds);
    return {
      activations: new Map(
        layers.activations.map((layer) => [layer, activationsFrom(results[names.activations(layer)])]),
      ),
      grams: new Map(layers.grams.map((layer) => [layer, gramFrom(results[names.gram(layer)])])),
      moments: new Map(
        layers.moments.map((layer) => [
          layer,
          momentsFrom(results[names.mean(layer)], results[names.covariance(layer)]),
        ]),
      ),
    };
  }

  async prepare(objective: PerceptualObjective): Promise<PreparedObjective> {
    this.#checkAlive();
    checkObjective(this.#network, objective);
    const terms = measure(this.#network, objective);
    const description = descriptionOf(terms);
    const key = JSON.stringify(description);
    const all = layersIn(objective);
    const stride = Math.max(...all.map((layer) => downsamplingOf(this.#network, layer)));
    const constants = constantFeeds(terms);

    return {
      evaluate: async (image) => {
        this.#checkAlive();
        checkPicture(this.#network, image, all);
        checkSizes(this.#network, objective, image);
        const divisor = [wellDivided, stride].find((size) => size % stride === 0 && divides(size, image)) ?? 1;
        const session = await this.#session(`loss ${divisor} ${key}`, true, () =>
          lossGraph(this.#network, description, divisor),
        );
        const scales = scaleFeeds(this.#network, terms, image);
        const results = await this.#run(session, { ...constants, ...scales, [names.image]: imageTensor(image) });
        const numberAt = (name: string) => floatsOf(results[name])[0] ?? Number.NaN;
        const errors = relativeErrors(terms, {
          content: ({ layer }) => [numberAt(names.contentError(layer))],
          style: ({ layer, target }) => [
            ...('covariance' in target ? [numberAt(names.styleMeanError(layer))] : []),
            numberAt(names.styleError(layer)),
          ],
        });
        return { ...errors, gradient: floatsOf(results[names.gradient]) };
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
   * Returns the session of that key; where there is none yet, makes it of the graph.
   * @param keepsMemory - whether the memory of a run is kept for the next: right for the session that runs hundreds of
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
      // Without this, threads spin while they wait for the next run, in the way of everything else on the machine.
      extra: { session: { force_spinning_stop: '1' } },
    }).catch((cause: unknown) => {
      throw runtimeError(cause);
    });
    this.#sessions.set(key, session);
    // Where a session could not be made, the next request tries again.
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
      const error = runtimeError(cause);
      // The memory that sessions keep for their next runs would be lacking for a smaller picture as well.
      if (isOutOfMemory(error)) await this.#releaseSessions();
      throw error;
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

function floatsOf(value: unknown): Float32Array {
  if (value instanceof Tensor && value.data instanceof Float32Array) return value.data;
  throw engineError('failed', 'ONNX Runtime returned something else than a float32 tensor.');
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

function momentsFrom(mean: unknown, covariance: unknown): Moments {
  const means = floatsOf(mean);
  return { channels: means.length, mean: means, covariance: floatsOf(covariance) };
}

function unique(layers: readonly string[]): readonly string[] {
  return [...new Set(layers)];
}
