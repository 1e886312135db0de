import type { Engine, PerceptualEvaluation } from '../src/engine/engine.js';
import type { Network } from '../src/engine/weights/network.js';
import { uniformNumbers } from '../src/random-numbers.js';
import { defaultLayers } from '../src/transfer/transfer-layers.js';
import { matrixProductFlop } from './matrix-product.js';

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
}

/**
 * Measures an evaluation that goes through the whole network: style at the default layers, content at the deepest
 * layer. The matrix product is measured in turn with it, so that a machine whose speed drifts slows both.
 * @param size - width and height of the evaluated picture, in pixels.
 */
export async function measureEvaluation(
  network: Network,
  label: string,
  size: number,
  options: {
    readonly openEngine: (network: Network) => Promise<Engine>;
    readonly rounds: number;
    readonly matrixProduct: () => Promise<unknown>;
  },
): Promise<EvaluationFigures> {
  const engine = await options.openEngine(network);
  const evaluate = await wholeEvaluation(engine, size);
  // The first runs allocate memory and pack weights.
  await evaluate();
  await evaluate();
  await options.matrixProduct();
  const evaluations: number[] = [];
  const products: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    products.push(await secondsOf(options.matrixProduct));
    evaluations.push(await secondsOf(evaluate));
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
  };
}

/** Prepares an evaluation of `size` × `size` pixels of noise by a whole network; returns a function that runs it. */
export async function wholeEvaluation(engine: Engine, size: number): Promise<() => Promise<PerceptualEvaluation>> {
  const { layers } = engine.network;
  const uniform = uniformNumbers(size);
  const picture = () => ({
    width: size,
    height: size,
    data: Float32Array.from({ length: 3 * size * size }, uniform),
  });
  const { activations } = await engine.features(picture(), { activations: layers.slice(-1) });
  const { grams } = await engine.features(picture(), { grams: Object.keys(defaultLayers(layers).style) });
  const prepared = await engine.prepare({
    content: [...activations].map(([layer, target]) => ({ layer, weight: 1, target })),
    style: [...grams].map(([layer, target]) => ({ layer, weight: 1, target })),
  });
  const image = picture();
  return () => prepared.evaluate(image);
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
