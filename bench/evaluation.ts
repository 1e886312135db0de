import type { Engine, PerceptualEvaluation } from '../src/engine/engine.js';
import type { Network } from '../src/engine/weights/network.js';
import type { RgbImage } from '../src/imaging/rgb-image.js';
import { uniformNumbers } from '../src/random-numbers.js';
import { textureLayers } from '../src/transfer/transfer-layers.js';
import { matrixProductFlop } from './matrix-product.js';

/** The pictures of an evaluation: noise. */
export interface BenchPictures {
  readonly content: RgbImage;
  readonly style: RgbImage;
  readonly image: RgbImage;
}

/** Somebody else who evaluates the same loss and gradient, in turn with ours. */
export interface Peer {
  readonly variants: readonly string[];
  take(size: number, pictures: BenchPictures): Promise<void>;
  evaluate(variant: string): Promise<{ readonly loss: number; readonly milliseconds: number }>;
}

/** By how much of it a peer's loss may differ from ours: what single precision makes of the same sums in another order. */
const sameLoss = 0.001;

/** Figures of how fast one evaluation of loss and gradient is. */
export interface EvaluationFigures {
  readonly network: string;
  readonly size: number;
  /** Median time of an evaluation over all rounds. */
  readonly milliseconds: number;
  /** Rate of the convolutions, forward and backward, as if computed directly, in GFLOP/s at the median time. */
  readonly gflops: number;
  /** Rate of the matrix product in the same rounds, in GFLOP/s. */
  readonly matrixProductGflops: number;
  /** The ratio gflops / matrixProductGflops. */
  readonly ofMatrixProduct: number;
  /** Median times of the peer in the same rounds, by its variants. */
  readonly peer: ReadonlyMap<string, number>;
}

/**
 * Measures an evaluation that goes through the whole network: style at the default layers, content at the deepest
 * layer. The matrix product is measured in turn with it, so that a machine whose speed drifts slows both.
 * @param size - width and height of the evaluated picture, in pixels.
 * @throws Error where the peer comes to another loss, for then it doesn't compute the same.
 */
export async function measureEvaluation(
  network: Network,
  label: string,
  size: number,
  options: {
    readonly openEngine: (network: Network) => Promise<Engine>;
    readonly rounds: number;
    readonly matrixProduct: () => Promise<unknown>;
    readonly peer?: Peer | undefined;
  },
): Promise<EvaluationFigures> {
  const engine = await options.openEngine(network);
  const evaluate = await wholeEvaluation(engine, size);
  // The first runs allocate memory, pack weights and compile.
  await evaluate();
  const { loss } = await evaluate();
  await options.matrixProduct();
  const { peer } = options;
  const others = new Map(peer?.variants.map((variant): [string, number[]] => [variant, []]));
  await peer?.take(size, benchPictures(size));
  for (const variant of others.keys()) {
    await peer?.evaluate(variant);
    const { loss: theirs = Number.NaN } = (await peer?.evaluate(variant)) ?? {};
    if (!(Math.abs(theirs - loss) <= sameLoss * loss)) {
      throw new Error(`${label} at ${size}²: the loss is ${loss}, but ${theirs} by ${variant}`);
    }
  }
  const evaluations: number[] = [];
  const products: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    products.push(await secondsOf(options.matrixProduct));
    evaluations.push(await secondsOf(evaluate));
    for (const [variant, times] of others) times.push((await peer?.evaluate(variant))?.milliseconds ?? Number.NaN);
    products.push(await secondsOf(options.matrixProduct));
  }
  await engine.dispose();
  const seconds = median(evaluations);
  const gflops = convolutionFlop(network, size) / seconds / 1e9;
  const matrixProductGflops = matrixProductFlop / median(products) / 1e9;
  return {
    network: label,
    size,
    milliseconds: seconds * 1000,
    gflops,
    matrixProductGflops,
    ofMatrixProduct: gflops / matrixProductGflops,
    peer: new Map([...others].map(([variant, times]) => [variant, median(times)])),
  };
}

/** Prepares an evaluation of `size` × `size` pixels of noise by a whole network; returns a function that runs it. */
export async function wholeEvaluation(engine: Engine, size: number): Promise<() => Promise<PerceptualEvaluation>> {
  const { layers } = engine.network;
  const { content, style, image } = benchPictures(size);
  const { activations } = await engine.features(content, { activations: layers.slice(-1) });
  const { grams } = await engine.features(style, { grams: Object.keys(textureLayers(layers)) });
  const prepared = await engine.prepare({
    content: [...activations].map(([layer, target]) => ({ layer, weight: 1, target })),
    style: [...grams].map(([layer, target]) => ({ layer, weight: 1, target })),
  });
  return () => prepared.evaluate(image);
}

function benchPictures(size: number): BenchPictures {
  const uniform = uniformNumbers(size);
  const picture = () => ({
    width: size,
    height: size,
    data: Float32Array.from({ length: 3 * size * size }, uniform),
  });
  return { content: picture(), style: picture(), image: picture() };
}

/** Returns the operations of an evaluation: 2 a multiply-add, and as many again for the gradient by the input. */
function convolutionFlop({ convolutions }: Network, size: number): number {
  return convolutions.reduce((sum, { inputChannels, outputChannels, downsampling }) => {
    const area = Math.floor(size / downsampling) ** 2;
    return sum + 4 * area * inputChannels * outputChannels * 9;
  }, 0);
}

/** Returns how long a run takes, in seconds. */
export async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await run();
  return (performance.now() - begin) / 1000;
}

/** Returns the median of values: the middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
