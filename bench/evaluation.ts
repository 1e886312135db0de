import type { Engine, PerceptualEvaluation } from '../src/engine/engine.js';
import { OnnxEngine } from '../src/engine/onnx/onnx-engine.js';
import type { Network } from '../src/engine/weights/network.js';
import { uniformNumbers } from '../src/random-numbers.js';
import { defaultLayers } from '../src/transfer/layers.js';
import { matrixProductFlop } from './matrix-product.js';

/** How fast one evaluation of loss and gradient is. */
export interface EvaluationFigures {
  readonly network: string;
  readonly size: number;
  /** Median over the rounds. */
  readonly milliseconds: number;
  /** Operations of the convolutions, forward and backward, as if computed directly, by the median time. */
  readonly gflops: number;
  /** The matrix product's rate in the same rounds. */
  readonly matrixProductGflops: number;
  /** gflops / matrixProductGflops. */
  readonly ofMatrixProduct: number;
}

/**
 * Measures an evaluation that goes through the whole network, at a size: the default style layers, and content at the
 * deepest layer. In turn with the matrix product, so that a machine whose speed drifts slows both.
 */
export async function measureEvaluation(
  network: Network,
  label: string,
  size: number,
  options: { readonly threads: number; readonly rounds: number; readonly matrixProduct: () => Promise<unknown> },
): Promise<EvaluationFigures> {
  const engine = new OnnxEngine(network, { threads: options.threads });
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

/** Prepares such an evaluation, of noise, and returns what runs it. */
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

/** Two for a multiplication and an addition, and as many again for the gradient with respect to the input. */
function convolutionFlop({ convolutions }: Network, size: number): number {
  return convolutions.reduce((sum, { inputChannels, outputChannels, downsampling }) => {
    const area = Math.floor(size / downsampling) ** 2;
    return sum + 4 * area * inputChannels * outputChannels * 9;
  }, 0);
}

/** How long a run takes. */
export async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await run();
  return (performance.now() - begin) / 1000;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
