import type { RgbImage } from '../../imaging/rgb-image.js';
import type {
  Activations,
  Engine,
  FeatureRequest,
  Features,
  Gram,
  Moments,
  PerceptualObjective,
  PieceEngine,
  PieceFeatureRequest,
  PieceGradient,
  PieceTerms,
  PreparedObjective,
} from '../engine.js';
import { engineError, isOutOfMemory } from '../engine-error.js';
import { type MeasuredTerm, measure, relativeErrors } from '../relative-error.js';
import {
  areaOf,
  checkObjective,
  checkPicture,
  checkSizes,
  disposedError,
  layersIn,
  strideOf,
} from '../request-checks.js';
import { blocksAfter, layersOf, type Network, pictureChannels } from '../weights/network.js';
import { type Device, processor } from './device.js';
import type { GraphPlan } from './graph-plan.js';
import { KeptInputs } from './kept-inputs.js';
import {
  constantFeeds,
  descriptionOf,
  pieceDescription,
  pieceFeeds,
  positionsTensor,
  scalar,
  scaleFeeds,
} from './loss-feeds.js';
import { type FeatureLayers, featureGraph, type LossDescription, lossGraph } from './loss-graph.js';
import { names } from './loss-names.js';
import { Tensor } from './onnx-runtime.js';
import { type Feeds, type Run, Sessions } from './sessions.js';

/**
 * The engine of ONNX Runtime, with graphs that hold the forward pass, the losses and the backward pass. It runs on any
 * processor, and on GPUs. A session for each set of layers is made when it is first needed, and kept.
 */
export class OnnxEngine implements PieceEngine {
  readonly name;
  readonly network;
  readonly #network: Network;
  readonly #device: Device;
  readonly #sessions: Sessions;
  readonly #keptInputs: KeptInputs;
  #disposed = false;

  /** @param sessions - those of another engine of the same weights; default: its own. */
  constructor(network: Network, device: Device = processor(), sessions = new Sessions(device)) {
    this.name = device.name;
    this.#network = network;
    this.#device = device;
    this.#sessions = sessions;
    this.#keptInputs = new KeptInputs(this.#sessions);
    this.network = { name: network.name, pooling: network.pooling, layers: layersOf(network) };
  }

  async features(image: RgbImage, request: FeatureRequest): Promise<Features> {
    const { activations = [], grams = [], moments = [] } = request;
    const layers = { activations: unique(activations), grams: unique(grams), moments: unique(moments) };
    const all = allOf(layers);
    if (all.length === 0) return { activations: new Map(), grams: new Map(), moments: new Map() };
    this.#checkAlive();
    checkPicture(this.#network, image, all);
    const feeds = [...layers.grams, ...layers.moments].map((layer) => {
      return [names.inverseArea(layer), scalar(1 / areaOf(this.#network, layer, image))] as const;
    });
    return this.#features(image, { ...layers, isMapped: false }, Object.fromEntries(feeds));
  }

  async pieceFeatures(piece: RgbImage, request: PieceFeatureRequest): Promise<Features> {
    const { activations, grams, moments, isRepeated } = request;
    const layers = { activations, grams: [...grams.keys()], moments: [...moments.keys()], isMapped: true };
    const feeds = [...grams, ...moments].map(([layer, positions]) => {
      return [names.styleMap(layer), positionsTensor(this.#network, layer, positions, piece)] as const;
    });
    return this.#features(piece, layers, Object.fromEntries(feeds), isRepeated);
  }

  async #features(image: RgbImage, layers: FeatureLayers, feeds: Feeds, keepsMemory = false): Promise<Features> {
    const plan = this.#device.planFor(image, 1);
    const results = await this.#run({
      key: this.#keyOf(keepsMemory ? 'repeated features' : 'features', plan, layers),
      graph: () => featureGraph(this.#network, layers, plan),
      feeds: { ...feeds, [names.image]: this.#imageTensor(image) },
      keepsMemory,
    });
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
    const all = layersIn(objective);
    const stride = strideOf(this.#network, all);
    const constants = constantFeeds(this.#network, terms);
    /** The inputs besides the picture, by its size: the factors of the gradients depend on that. */
    const inputs = new Map<string, { feeds: Feeds }>();
    const inputsFor = (image: RgbImage) => {
      const size = `${image.width}×${image.height}`;
      const known = inputs.get(size) ?? { feeds: { ...constants, ...scaleFeeds(this.#network, terms, image) } };
      inputs.set(size, known);
      return known;
    };

    return {
      evaluate: async (image) => {
        this.#checkAlive();
        checkPicture(this.#network, image, all);
        checkSizes(this.#network, objective, image);
        const plan = this.#device.planFor(image, stride);
        const results = await this.#run({
          key: this.#keyOf('loss', plan, description),
          graph: () => lossGraph(this.#network, description, plan),
          feeds: { ...(await this.#onDevice(inputsFor(image))), [names.image]: this.#imageTensor(image) },
          keepsMemory: true,
          latestOf: this.#nameOf('loss'),
        });
        const squaredErrors = floatsOf(results[names.squaredErrors]).values();
        const errorsOf = ({ energies }: MeasuredTerm) => energies.map(() => squaredErrors.next().value ?? Number.NaN);
        const errors = relativeErrors(terms, { content: errorsOf, style: errorsOf });
        return { ...errors, gradient: floatsOf(results[names.gradient]) };
      },
    };
  }

  async pieceGradient(piece: RgbImage, terms: PieceTerms): Promise<PieceGradient> {
    const description = pieceDescription(terms);
    const plan = this.#device.planFor(piece, strideOf(this.#network, layersIn(terms)));
    const results = await this.#run({
      key: this.#keyOf('piece', plan, description),
      graph: () => lossGraph(this.#network, description, plan),
      feeds: { ...pieceFeeds(this.#network, terms, piece), [names.image]: this.#imageTensor(piece) },
      keepsMemory: true,
    });
    const contentErrors = terms.content.length > 0 ? [...floatsOf(results[names.squaredErrors])] : [];
    return { contentErrors, gradient: floatsOf(results[names.gradient]) };
  }

  blocksAfter(block: number): Engine {
    return new OnnxEngine(blocksAfter(this.#network, block), this.#device, this.#sessions);
  }

  async releaseMemory(): Promise<void> {
    this.#keptInputs.forget();
    await this.#sessions.close();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#release();
  }

  async #release(): Promise<void> {
    this.#keptInputs.forget();
    await this.#sessions.release();
  }

  async #onDevice(inputs: { readonly feeds: Feeds }): Promise<Feeds> {
    if (!this.#device.keepsInputs) return inputs.feeds;
    return this.#attempt(() => this.#keptInputs.of(inputs, () => inputs.feeds));
  }

  #run(run: Run) {
    return this.#attempt(() => this.#sessions.run(run));
  }

  async #attempt<Result>(attempt: () => Promise<Result>): Promise<Result> {
    this.#checkAlive();
    try {
      return await attempt();
    } catch (error) {
      // The engine may have been disposed of while the run waited for its turn.
      this.#checkAlive();
      // The memory that is kept for the next runs would be lacking for a smaller picture as well.
      if (isOutOfMemory(error)) await this.#release();
      throw error;
    }
  }

  #keyOf(graph: string, plan: GraphPlan, description: FeatureLayers | LossDescription): string {
    return `${this.#nameOf(graph)} ${plan.key} ${JSON.stringify(description)}`;
  }

  #nameOf(graph: string): string {
    return `${graph} from conv${this.#network.convolutions[0]?.name}`;
  }

  #imageTensor({ width, height, data }: RgbImage): Tensor {
    return new Tensor('float32', data, [1, pictureChannels(this.#network), height, width]);
  }

  #checkAlive(): void {
    if (this.#disposed) throw disposedError();
  }
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

/** Returns the layers of all kinds of features. */
function allOf({ activations, grams, moments }: Omit<FeatureLayers, 'isMapped'>): readonly string[] {
  return [...activations, ...grams, ...moments];
}

function unique(layers: readonly string[]): readonly string[] {
  return [...new Set(layers)];
}
