import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type {
  Activations,
  Engine,
  FeatureRequest,
  Features,
  Gram,
  PerceptualEvaluation,
  PerceptualObjective,
  PreparedObjective,
} from '../engine.js';
import { relativeErrors, withEnergies } from '../relative-error.js';
import { checkContentSizes, checkObjective, checkPicture, disposedError, layersIn } from '../request-checks.js';
import { layersOf, type Network } from '../weights/network.js';
import { ForwardPass } from './forward-pass.js';
import { gramError, gramOf, squaredError } from './losses.js';
import type { Tensor, TensorFlow } from './tensorflow.js';
import { tensorFlowError } from './tensorflow-error.js';

/** An objective's targets on TensorFlow's side, in the order of its terms: content as NHWC, style as [C, C]. */
interface Targets {
  readonly objective: PerceptualObjective;
  readonly tensors: readonly Tensor[];
}

/**
 * The engine for graphics cards: TensorFlow's operators and its automatic differentiation. Weights stay on the device; of
 * targets only those of the objective that was evaluated last do, so that objectives need no disposing of.
 */
export class TensorFlowEngine implements Engine {
  readonly name = 'tensorflow';
  readonly network;
  readonly #tf: TensorFlow;
  readonly #network: Network;
  readonly #forward: ForwardPass;
  #targets: Targets | undefined;
  #disposed = false;

  /** @param tf - a TensorFlow.js with the backend that is to compute, see `loadTensorFlow`. */
  constructor(tf: TensorFlow, network: Network) {
    this.#tf = tf;
    this.#network = network;
    this.network = { name: network.name, pooling: network.pooling, layers: layersOf(network) };
    this.#forward = new ForwardPass(tf, network);
  }

  async features(image: RgbImage, { activations = [], grams = [] }: FeatureRequest): Promise<Features> {
    const all = [...new Set([...activations, ...grams])];
    if (all.length === 0) return { activations: new Map(), grams: new Map() };
    this.#checkAlive();
    checkPicture(this.#network, image, all);
    return this.#compute(() =>
      this.#tidily(() => {
        const values = this.#forward.activations(this.#upload(image), all);
        const read = <Result>(layers: readonly string[], reading: (value: Tensor) => Result): Map<string, Result> =>
          new Map(
            all.flatMap((layer, index) => {
              const value = values[index];
              return value && layers.includes(layer) ? [[layer, reading(value)]] : [];
            }),
          );
        return {
          activations: read(activations, (value) => this.#readActivations(value)),
          grams: read(grams, (value) => this.#readGram(value)),
        };
      }),
    );
  }

  async prepare(objective: PerceptualObjective): Promise<PreparedObjective> {
    this.#checkAlive();
    checkObjective(this.#network, objective);
    const terms = withEnergies(objective);
    const layers = layersIn(objective);
    const firstIndex = { content: 0, style: terms.content.length };
    const weights = [...terms.content, ...terms.style].map(({ weight, energy }) => weight / energy);
    return {
      evaluate: async (image) => {
        this.#checkAlive();
        checkPicture(this.#network, image, layers);
        checkContentSizes(this.#network, objective, image);
        return this.#compute(() => {
          const targets = this.#targetsOf(objective);
          return this.#tidily((): PerceptualEvaluation => {
            const run = this.#tf.valueAndGrad((pixels) => this.#squaredErrors(pixels, layers, objective, targets));
            // Not the loss comes out but the errors; how much each counts goes in as the gradient of what comes out.
            const { value, grad } = run(this.#upload(image), this.#tf.tensor1d(weights, 'float32'));
            const errors = floatsOf(value);
            return {
              ...relativeErrors(terms, (kind, _layer, index) => errors[firstIndex[kind] + index] ?? Number.NaN),
              gradient: floatsOf(grad),
            };
          });
        });
      },
    };
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#freeTargets();
    this.#forward.dispose();
  }

  /** The squared errors of an objective's terms, content first, as a vector. */
  #squaredErrors(
    pixels: Tensor,
    layers: readonly string[],
    { content }: PerceptualObjective,
    targets: readonly Tensor[],
  ): Tensor {
    const errors = this.#forward.activations(pixels, layers).flatMap((value, index) => {
      const target = targets[index];
      if (target === undefined) return [];
      return [index < content.length ? squaredError(this.#tf, value, target) : gramError(this.#tf, value, target)];
    });
    return this.#tf.stack(errors);
  }

  /** The targets of an objective, in place of those of the one before. Not to be called in a tidy, for they stay. */
  #targetsOf(objective: PerceptualObjective): readonly Tensor[] {
    if (this.#targets?.objective === objective) return this.#targets.tensors;
    this.#freeTargets();
    const tf = this.#tf;
    const tensors = tf.tidy(() => [
      ...objective.content.map(({ target: { data, channels, height, width } }) =>
        tf.transpose(tf.tensor(data, [1, channels, height, width]), [0, 2, 3, 1]),
      ),
      ...objective.style.map(({ target: { data, channels } }) => tf.tensor(data, [channels, channels])),
    ]);
    this.#targets = { objective, tensors };
    return tensors;
  }

  #freeTargets(): void {
    for (const tensor of this.#targets?.tensors ?? []) tensor.dispose();
    this.#targets = undefined;
  }

  #upload({ width, height, data }: RgbImage): Tensor {
    return this.#tf.tensor(data, [3, height, width]);
  }

  #readActivations(value: Tensor): Activations {
    const [, height = 0, width = 0, channels = 0] = value.shape;
    return { channels, height, width, data: floatsOf(this.#tf.transpose(value, [0, 3, 1, 2])) };
  }

  #readGram(value: Tensor): Gram {
    return { channels: value.shape[3] ?? 0, data: floatsOf(gramOf(this.#tf, value)) };
  }

  async #compute<Result>(body: () => Result): Promise<Result> {
    let result: Result;
    try {
      result = body();
    } catch (cause) {
      this.#freeTape();
      throw tensorFlowError(cause);
    }
    // TensorFlow computed on this thread. Whatever else waits for it has its turn before the next evaluation.
    await setImmediate();
    return result;
  }

  /** Runs in a tidy, which would look for tensors in every value of what it returns. */
  #tidily<Result>(body: () => Result): Result {
    const results: Result[] = [];
    this.#tf.tidy(() => {
      results.push(body());
    });
    return results[0] as Result;
  }

  /** What an evaluation kept for its backward pass TensorFlow.js frees at its end only, and not where it fails before. */
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
