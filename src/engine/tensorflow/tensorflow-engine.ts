import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type {
  Activations,
  Engine,
  FeatureRequest,
  Features,
  Gram,
  Moments,
  PerceptualEvaluation,
  PerceptualObjective,
  PieceEngine,
  PieceFeatureRequest,
  PieceGradient,
  PieceTerms,
  PositionWeights,
  PreparedObjective,
} from '../engine.js';
import { measure, relativeErrors } from '../relative-error.js';
import { checkObjective, checkPicture, checkSizes, disposedError, layersIn } from '../request-checks.js';
import { blocksAfter, layersOf, type Network, pictureChannels } from '../weights/network.js';
import { ForwardPass } from './forward-pass.js';
import { gramOf, momentsOf } from './style-statistics.js';
import type { Tensor, TensorFlow } from './tensorflow.js';
import { tensorFlowError } from './tensorflow-error.js';
import {
  type UploadedTerm,
  uploadContentTerm,
  uploadGradientBehind,
  uploadKnownTerm,
  uploadStyleTerm,
} from './uploaded-terms.js';

/** An objective whose targets and maps are TensorFlow tensors; the terms keep their order, content first. */
interface UploadedObjective {
  readonly objective: PerceptualObjective;
  readonly terms: readonly UploadedTerm[];
}

/** The layers whose features are computed, statistics with the weights of their positions where there are any. */
interface WeightedRequest {
  readonly activations: readonly string[];
  readonly grams: ReadonlyMap<string, PositionWeights | undefined>;
  readonly moments: ReadonlyMap<string, PositionWeights | undefined>;
}

/**
 * The engine for graphics cards, by TensorFlow's operators and its automatic differentiation. The weights stay on the
 * device. Targets stay only for the objective that was evaluated last, so that objectives need no disposing of.
 */
export class TensorFlowEngine implements PieceEngine {
  readonly name = 'tensorflow';
  readonly network;
  readonly #tf: TensorFlow;
  readonly #network: Network;
  readonly #forward: ForwardPass;
  #uploaded: UploadedObjective | undefined;
  #disposed = false;

  /**
   * @param tf - TensorFlow.js with the backend that is to compute, see `loadTensorFlow`.
   * @param forward - the network with its weights on the device. Default: they are uploaded.
   */
  constructor(tf: TensorFlow, network: Network, forward = ForwardPass.of(tf, network)) {
    this.#tf = tf;
    this.#network = network;
    this.network = { name: network.name, pooling: network.pooling, layers: layersOf(network) };
    this.#forward = forward;
  }

  async features(image: RgbImage, request: FeatureRequest): Promise<Features> {
    const { activations = [], grams = [], moments = [] } = request;
    const layers = { activations, grams: unweighted(grams), moments: unweighted(moments) };
    const all = allOf(layers);
    if (all.length === 0) return { activations: new Map(), grams: new Map(), moments: new Map() };
    this.#checkAlive();
    checkPicture(this.#network, image, all);
    return this.#features(image, layers);
  }

  async pieceFeatures(piece: RgbImage, request: PieceFeatureRequest): Promise<Features> {
    this.#checkAlive();
    return this.#features(piece, request);
  }

  #features(image: RgbImage, layers: WeightedRequest): Promise<Features> {
    const { activations, grams, moments } = layers;
    const all = allOf(layers);
    return this.#compute(() =>
      this.#tidily(() => {
        const values = new Map(
          this.#forward.activations(this.#upload(image), all).map((value, index) => [all[index], value]),
        );
        const read = <Result>(
          wanted: Iterable<readonly [string, PositionWeights | undefined]>,
          reading: (value: Tensor, weights: Tensor | undefined) => Result,
        ): Map<string, Result> =>
          new Map(
            [...wanted].flatMap(([layer, positions]) => {
              const value = values.get(layer);
              const weights = positions && this.#tf.tensor(positions, [positions.length, 1]);
              return value ? [[layer, reading(value, weights)]] : [];
            }),
          );
        return {
          activations: read(unweighted(activations), (value) => this.#readActivations(value)),
          grams: read(grams, (value, weights) => this.#readGram(value, weights)),
          moments: read(moments, (value, weights) => this.#readMoments(value, weights)),
        };
      }),
    );
  }

  async prepare(objective: PerceptualObjective): Promise<PreparedObjective> {
    this.#checkAlive();
    checkObjective(this.#network, objective);
    const terms = measure(this.#network, objective);
    const layers = layersIn(objective);
    const weights = [...terms.content, ...terms.style].flatMap(({ weight, energies }) =>
      energies.map((energy) => weight / energy),
    );
    const upload = () => [
      ...terms.content.map((term) => uploadContentTerm(this.#tf, term)),
      ...terms.style.map((term) => uploadStyleTerm(this.#tf, term)),
    ];
    return {
      evaluate: async (image) => {
        this.#checkAlive();
        checkPicture(this.#network, image, layers);
        checkSizes(this.#network, objective, image);
        return this.#compute(() => {
          const uploaded = this.#termsOf(objective, upload);
          return this.#tidily((): PerceptualEvaluation => {
            const run = this.#tf.valueAndGrad((pixels) => this.#squaredErrors(pixels, layers, uploaded));
            // The function returns the errors instead of the loss; their weights go in as the gradient of its result.
            const { value, grad } = run(this.#upload(image), this.#tf.tensor1d(weights, 'float32'));
            const errors = floatsOf(value).values();
            const next = ({ energies }: { energies: readonly number[] }) =>
              energies.map(() => errors.next().value ?? Number.NaN);
            return { ...relativeErrors(terms, { content: next, style: next }), gradient: floatsOf(grad) };
          });
        });
      },
    };
  }

  async pieceGradient(piece: RgbImage, terms: PieceTerms): Promise<PieceGradient> {
    this.#checkAlive();
    const layers = layersIn(terms);
    // Half of the gradient's scale: the derivative of a square has the factor 2.
    const { content, style, behind } = terms;
    const weights = [...content.map(({ scale }) => scale / 2), ...style.map(() => 1), ...(behind ? [1] : [])];
    return this.#compute(() =>
      this.#tidily((): PieceGradient => {
        const uploaded = [
          ...content.map((term) => uploadContentTerm(this.#tf, term)),
          ...style.map((term) => uploadKnownTerm(this.#tf, term)),
          ...(behind ? [uploadGradientBehind(this.#tf, behind)] : []),
        ];
        const run = this.#tf.valueAndGrad((pixels) => this.#squaredErrors(pixels, layers, uploaded));
        const { value, grad } = run(this.#upload(piece), this.#tf.tensor1d(weights, 'float32'));
        return { contentErrors: [...floatsOf(value)].slice(0, content.length), gradient: floatsOf(grad) };
      }),
    );
  }

  blocksAfter(block: number): Engine {
    return new TensorFlowEngine(this.#tf, blocksAfter(this.#network, block), this.#forward.blocksAfter(block));
  }

  async releaseMemory(): Promise<void> {
    // TensorFlow keeps none but the last objective's targets.
    this.#freeTerms();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#freeTerms();
    this.#forward.dispose();
  }

  /** Computes the squared errors of an objective's terms, as a vector. */
  #squaredErrors(pixels: Tensor, layers: readonly string[], terms: readonly UploadedTerm[]): Tensor {
    const activations = this.#forward.activations(pixels, layers);
    return this.#tf.stack(activations.flatMap((value, index) => terms[index]?.squaredErrors(value) ?? []));
  }

  /** Returns an objective's terms, and frees the last objective's. Never call it inside of `tidy`, which frees both. */
  #termsOf(objective: PerceptualObjective, upload: () => UploadedTerm[]): readonly UploadedTerm[] {
    if (this.#uploaded?.objective === objective) return this.#uploaded.terms;
    this.#freeTerms();
    const terms = this.#tf.tidy(upload);
    this.#uploaded = { objective, terms };
    return terms;
  }

  #freeTerms(): void {
    for (const { tensors } of this.#uploaded?.terms ?? []) for (const tensor of tensors) tensor.dispose();
    this.#uploaded = undefined;
  }

  #upload({ width, height, data }: RgbImage): Tensor {
    return this.#tf.tensor(data, [pictureChannels(this.#network), height, width]);
  }

  #readActivations(value: Tensor): Activations {
    const [, height = 0, width = 0, channels = 0] = value.shape;
    return { channels, height, width, data: floatsOf(this.#tf.transpose(value, [0, 3, 1, 2])) };
  }

  #readGram(value: Tensor, weights: Tensor | undefined): Gram {
    return { channels: value.shape[3] ?? 0, data: floatsOf(gramOf(this.#tf, value, weights)) };
  }

  #readMoments(value: Tensor, weights: Tensor | undefined): Moments {
    const { mean, covariance } = momentsOf(this.#tf, value, weights);
    return { channels: value.shape[3] ?? 0, mean: floatsOf(mean), covariance: floatsOf(covariance) };
  }

  async #compute<Result>(body: () => Result): Promise<Result> {
    let result: Result;
    try {
      result = body();
    } catch (cause) {
      this.#freeTape();
      throw tensorFlowError(cause);
    }
    // TensorFlow blocked this thread. Other events that wait for it have their turn before the next evaluation.
    await setImmediate();
    return result;
  }

  /**
   * Runs a function in `tidy`, but hands its result past that: it would look for tensors in every value of a result.
   */
  #tidily<Result>(body: () => Result): Result {
    const results: Result[] = [];
    this.#tf.tidy(() => {
      results.push(body());
    });
    return results[0] as Result;
  }

  /**
   * Frees the tensors that a failed evaluation kept for its backward pass: TensorFlow.js frees them only at its end.
   */
  #freeTape(): void {
    const { state } = this.#tf.engine();
    for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
    state.activeTape = null;
  }

  #checkAlive(): void {
    if (this.#disposed) throw disposedError();
  }
}

function floatsOf(tensor: Tensor): Float32Array {
  const values = tensor.dataSync();
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function unweighted(layers: readonly string[]): ReadonlyMap<string, undefined> {
  return new Map(layers.map((layer) => [layer, undefined]));
}

/** Returns each layer of a request once. */
function allOf({ activations, grams, moments }: WeightedRequest): readonly string[] {
  return [...new Set([...activations, ...grams.keys(), ...moments.keys()])];
}
