import { GraphBuilder } from '../src/engine/onnx/graph-builder.js';
import { InferenceSession, Tensor } from '../src/engine/onnx/onnx-runtime.js';

const side = 2048;

/** Number of floating-point operations of one product. */
export const matrixProductFlop = 2 * side ** 3;

/**
 * Prepares a 2048×2048 matrix product in ONNX Runtime: what the machine can do at best in one large, regular piece of
 * work. Other rates are given relative to that of this product, so that they mean something on another machine.
 *
 * @returns a function that computes the product once.
 */
export async function matrixProduct(threads: number): Promise<() => Promise<unknown>> {
  const graph = new GraphBuilder();
  const product = graph.node('MatMul', [graph.input('a', [side, side]), graph.input('b', [side, side])]);
  graph.output('product', product, [side, side]);
  const session = await InferenceSession.create(graph.serialize('matrix product'), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Threads that wait by spinning would slow the next measurement. The engine has the same setting.
    extra: { session: { force_spinning_stop: '1' } },
  });
  const matrix = () => new Tensor('float32', Float32Array.from({ length: side * side }, Math.random), [side, side]);
  const feeds = { a: matrix(), b: matrix() };
  return () => session.run(feeds);
}
