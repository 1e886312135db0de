// The program that bench.ts forks for each engine. It evaluates when it is told to.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { secondsOf, wholeEvaluation } from '../../bench/evaluation.js';
import type { Engine } from '../../src/engine/engine.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import { loadTensorFlow } from '../../src/engine/tensorflow/backend.js';
import { asTensorFlow, type TensorFlow } from '../../src/engine/tensorflow/tensorflow.js';
import { TensorFlowEngine } from '../../src/engine/tensorflow/tensorflow-engine.js';
import { loadNetwork } from '../../src/engine/weights/network.js';

/** A message to the program: evaluate `size` × `size` pixels of noise `count` times. */
export interface Evaluate {
  readonly size: number;
  readonly count: number;
}

/** The answer of the program to {@link Evaluate}. */
export interface Evaluated {
  /** Time of all evaluations together. */
  readonly seconds: number;
  readonly loss: number;
  readonly gradient: Float32Array;
  /** Number of tensors that TensorFlow holds; undefined for engines without TensorFlow. */
  readonly tensors: number | undefined;
  readonly rssBytes: number;
}

export const evaluators = ['onnx', 'tensorflow', 'wasm'] as const;
export type Evaluator = (typeof evaluators)[number];

if (process.send) {
  const [evaluator = '', weightsPath = '', folder = ''] = process.argv.slice(2);
  const network = await loadNetwork(weightsPath);
  const tf = await tensorFlowOf(evaluator, folder);
  const engine: Engine = tf ? new TensorFlowEngine(tf, network) : new OnnxEngine(network);
  const prepared = new Map<number, ReturnType<typeof wholeEvaluation>>();
  process.on('message', async ({ size, count }: Evaluate) => {
    const known = prepared.get(size) ?? wholeEvaluation(engine, size);
    prepared.set(size, known);
    const evaluate = await known;
    let last = await evaluate();
    const seconds = await secondsOf(async () => {
      for (let i = 0; i < count; i++) last = await evaluate();
    });
    // A garbage collection comes first, because memory that it frees has not leaked.
    globalThis.gc?.();
    const { loss, gradient } = last;
    const rssBytes = process.memoryUsage.rss();
    process.send?.({ seconds, loss, gradient, tensors: tf?.memory().numTensors, rssBytes } satisfies Evaluated);
  });
  process.on('disconnect', () => process.exit());
}

async function tensorFlowOf(evaluator: string, folder: string): Promise<TensorFlow | undefined> {
  if (evaluator === 'onnx') return undefined;
  if (evaluator === 'tensorflow') return loadTensorFlow({ from: join(folder, 'index.js') }).tf;
  const require = createRequire(import.meta.url);
  const tf: typeof import('@tensorflow/tfjs') = require('@tensorflow/tfjs');
  require('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  return asTensorFlow(tf);
}
