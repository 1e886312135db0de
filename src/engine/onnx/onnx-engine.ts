import { availableParallelism } from 'node:os';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type {
  Activations,
  ContentTerm,
  Engine,
  FeatureRequest,
  Features,
  Gram,
  PerceptualEvaluation,
  PerceptualObjective,
  PreparedObjective,
  StyleTerm,
} from '../engine.js';
import { EngineError } from '../engine-error.js';
import { layersOf, type Network, requireLayer } from '../weights/network.js';
import { featureGraph, lossGraph, names } from './loss-graph.js';
import { InferenceSession, Tensor } from './onnx-runtime.js';

/** How an {@link OnnxEngine} runs. */
export interface OnnxEngineOptions {
  /** Default: as many as there are processors. */
  readonly threads?: number | undefined;
}

/** A target's energy below which a relative error would be a division by nothing (a black picture's, say). */
const smallestEnergy = 1e-12;

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
  readonly name = 'onnx';
  readonly network;
  readonly #network: Network;
  readonly #threads: number;
  readonly #sessions = new Map<string, Promise<InferenceSession>>();
  #disposed = false;

  constructor(network: Network, { threads = availableParallelism() }: OnnxEngineOptions = {}) {
    this.#network = network;
    this.#threads = threads;
    this.network = { name: network.name, pooling: network.pooling, layers: layersOf(network) };
  }

  async features(image: RgbImage, { activations = [], grams = [] }: FeatureRequest): Promise<Features> {
    const layers = { activations: unique(activations), grams: unique(grams) };
    const all = [...layers.activations, ...layers.grams];
    if (all.length === 0) return { activations: new Map(), grams: new Map() };
    this.#check(image, all);
    const session = await this.#session(`features ${JSON.stringify(layers)}`, false, () =>
      featureGraph(this.#network, layers),
    );
    const feeds: Record<string, Tensor> = { [names.image]: imageTensor(image) };
    for (const layer of layers.grams) feeds[names.inverseArea(layer)] = scalar(1 / this.#area(layer, image));
    const results = await this.#run(session, feeds);
    return {
      activations: new Map(
        layers.activations.map((layer) => [layer, activationsFrom(results[names.activations(layer)])]),
      ),
      grams: new Map(layers.grams.map((layer) => [layer, gramFrom(results[names.gram(layer)])])),
    };
  }

  async prepare({ content, style }: PerceptualObjective): Promise<PreparedObjective> {
    this.#checkAlive();
    if (content.length + style.length === 0) {
      throw new EngineError('failed', 'An objective needs at least one content or style layer.');
    }
    for (const { layer, target } of [...content, ...style]) this.#checkTarget(layer, target);
    const layers = { content: content.map(({ layer }) => layer), style: style.map(({ layer }) => layer) };
    const all = [...layers.content, ...layers.style];
    const stride = Math.max(...all.map((layer) => this.#downsampling(layer)));
    const constants: Record<string, Tensor> = {};
    for (const { layer, target } of content) {
      constants[names.contentTarget(layer)] = new Tensor('float32', target.data, [
        1,
        target.channels,
        target.height,
        target.width,
      ]);
    }
    for (const { layer, target } of style) {
      constants[names.styleTarget(layer)] = new Tensor('float32', target.data, [target.channels, target.channels]);
    }
    const contentScales = content.map((term) => ({ ...term, energy: energyOf(term.target) }));
    const styleScales = style.map((term) => ({ ...term, energy: energyOf(term.target) }));

    return {
      evaluate: async (image) => {
        this.#check(image, all);
        const divisor = [wellDivided, stride].find((size) => size % stride === 0 && divides(size, image)) ?? 1;
        const feeds: Record<string, Tensor> = { ...constants, [names.image]: imageTensor(image) };
        for (const { layer, weight, target, energy } of contentScales) {
          this.#checkContentSize(layer, target, image);
          feeds[names.contentScale(layer)] = scalar((2 * weight) / energy);
        }
        for (const { layer, weight, energy } of styleScales) {
          const area = this.#area(layer, image);
          feeds[names.inverseArea(layer)] = scalar(1 / area);
          feeds[names.styleScale(layer)] = scalar((4 * weight) / (energy * area));
        }
        const session = await this.#session(`loss ${divisor} ${JSON.stringify(layers)}`, true, () =>
          lossGraph(this.#network, layers, divisor),
        );
        const results = await this.#run(session, feeds);
        return evaluationFrom(results, contentScales, styleScales);
      },
    };
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    for (const session of sessions) if (session.status === 'fulfilled') await session.value.release();
  }

  /**
   * @param keepsMemory - whether what a run allocates is kept for the next: right for the session that runs hundreds of
   *   times, a waste for those that run once a scale.
   */
  #session(key: string, keepsMemory: boolean, graph: () => Uint8Array): Promise<InferenceSession> {
    const known = this.#sessions.get(key);
    if (known) return known;
    const session = InferenceSession.create(graph(), {
      executionProviders: ['cpu'],
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
      const code = /bad_alloc|failed to allocate/i.test(reason) ? 'out-of-memory' : 'failed';
      const advice =
        code === 'out-of-memory' ? ' Take a smaller size or network, or give the process more memory.' : '';
      throw new EngineError(code, `ONNX Runtime failed: ${reason}.${advice}`, {}, { cause });
    }
  }

  #checkAlive(): void {
    if (this.#disposed) throw new EngineError('disposed', 'This engine has been disposed of; make a new one.');
  }

  #check(image: RgbImage, layers: readonly string[]): void {
    this.#checkAlive();
    const { width, height, data } = image;
    if (data.length !== 3 * width * height || !(width >= 1 && height >= 1)) {
      throw new EngineError(
        'wrong-size',
        `A picture of ${width}×${height} has ${3 * width * height} values, but ${data.length} came.`,
        { width, height, values: data.length },
      );
    }
    const stride = Math.max(...layers.map((layer) => this.#downsampling(layer)));
    if (Math.min(width, height) < stride) {
      const message =
        `A picture of ${width}×${height} is too small for ${layers.join(', ')}: ` +
        `both sides must be at least ${stride} pixels. Take a larger size or earlier layers.`;
      throw new EngineError('wrong-size', message, { width, height, smallest: stride });
    }
    if (!allFinite(data)) {
      const bad = data.findIndex((value) => !Number.isFinite(value));
      throw new EngineError('not-finite', `The picture's value ${bad} is ${data[bad]}, not a finite number.`, {
        position: bad,
      });
    }
  }

  #checkTarget(layer: string, target: Activations | Gram): void {
    const { outputChannels } = requireLayer(this.#network, layer).convolution;
    const area = 'height' in target ? target.height * target.width : target.channels;
    if (target.channels === outputChannels && target.data.length === outputChannels * area) return;
    const message =
      `The target of ${layer} has ${target.channels} channels and ${target.data.length} values, ` +
      `but that layer has ${outputChannels} channels. Compute targets with the same network.`;
    throw new EngineError('wrong-size', message, { layer, channels: target.channels, expected: outputChannels });
  }

  #checkContentSize(layer: string, target: Activations, { width, height }: RgbImage): void {
    const downsampling = this.#downsampling(layer);
    const expected = [Math.floor(width / downsampling), Math.floor(height / downsampling)];
    if (target.width === expected[0] && target.height === expected[1]) return;
    throw new EngineError(
      'wrong-size',
      `The content target of ${layer} is ${target.width}×${target.height}, but a picture of ${width}×${height} has ` +
        `${expected.join('×')} there. Compute the target from a content picture of the same size.`,
      { layer, width, height, targetWidth: target.width, targetHeight: target.height },
    );
  }

  #downsampling(layer: string): number {
    return requireLayer(this.#network, layer).convolution.downsampling;
  }

  #area(layer: string, { width, height }: RgbImage): number {
    const downsampling = this.#downsampling(layer);
    return Math.floor(width / downsampling) * Math.floor(height / downsampling);
  }
}

function evaluationFrom(
  results: InferenceSession.OnnxValueMapType,
  content: readonly (ContentTerm & { energy: number })[],
  style: readonly (StyleTerm & { energy: number })[],
): PerceptualEvaluation {
  let loss = 0;
  const relativeErrors = (
    terms: readonly { layer: string; weight: number; energy: number }[],
    name: (layer: string) => string,
  ) =>
    new Map(
      terms.map(({ layer, weight, energy }) => {
        const relative = (floatsOf(results[name(layer)])[0] ?? Number.NaN) / energy;
        loss += weight * relative;
        return [layer, relative];
      }),
    );
  const contentErrors = relativeErrors(content, names.contentError);
  const styleErrors = relativeErrors(style, names.styleError);
  return { loss, content: contentErrors, style: styleErrors, gradient: floatsOf(results[names.gradient]) };
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

function allFinite(data: Float32Array): boolean {
  // NaN · 0 and ∞ · 0 are NaN. Every picture goes through here: this is many times faster than asking value by value.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i] as number) * 0;
  return sum === 0;
}

/** Σ target², in double precision. */
function energyOf({ data }: { readonly data: Float32Array }): number {
  let energy = 0;
  for (const value of data) energy += value * value;
  return Math.max(energy, smallestEnergy);
}

function unique(layers: readonly string[]): readonly string[] {
  return [...new Set(layers)];
}
