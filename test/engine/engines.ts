import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import { asTensorFlow, type TensorFlow } from '../../src/engine/tensorflow/tensorflow.js';
import { TensorFlowEngine } from '../../src/engine/tensorflow/tensorflow-engine.js';
import type { Network } from '../../src/engine/weights/network.js';

/** An engine as tests open it. */
export interface EngineKind {
  readonly name: string;
  /** Whether it is made to be fast here. WebAssembly isn't: it takes twenty times as long. */
  readonly isFast: boolean;
  open(network: Network): Promise<Engine>;
}

/** A folder with node_modules/@tensorflow/tfjs-node, to test with TensorFlow itself. */
const tensorFlowFolder = process.env.TENSORFLOW_FROM;

let tensorFlow: Promise<TensorFlow> | undefined;

/** TensorFlow.js as tests have it: on WebAssembly, or out of TENSORFLOW_FROM. One for all engines of a file. */
export function testTensorFlow(): Promise<TensorFlow> {
  tensorFlow ??= loadTestTensorFlow();
  return tensorFlow;
}

async function loadTestTensorFlow(): Promise<TensorFlow> {
  if (tensorFlowFolder !== undefined) {
    return asTensorFlow(createRequire(join(tensorFlowFolder, 'index.js'))('@tensorflow/tfjs-node'));
  }
  // All by require, so that backend and gradients register with the same core.
  const require = createRequire(import.meta.url);
  const tf: typeof import('@tensorflow/tfjs') = require('@tensorflow/tfjs');
  require('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  return asTensorFlow(tf);
}

/** All engines there are, on what every machine has. */
export const engineKinds: readonly EngineKind[] = [
  { name: 'ONNX engine', isFast: true, open: async (network) => new OnnxEngine(network) },
  {
    name: `TensorFlow engine (${tensorFlowFolder === undefined ? 'WebAssembly' : 'native'})`,
    isFast: tensorFlowFolder !== undefined,
    open: async (network) => new TensorFlowEngine(await testTensorFlow(), network),
  },
];
