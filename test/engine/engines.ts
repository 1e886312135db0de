import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.js';
import { processor, webGpuDevice } from '../../src/engine/onnx/device.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import { asTensorFlow, type TensorFlow } from '../../src/engine/tensorflow/tensorflow.js';
import { TensorFlowEngine } from '../../src/engine/tensorflow/tensorflow-engine.js';
import type { Network } from '../../src/engine/weights/network.js';

/** A kind of engine, as tests open it. */
export interface EngineKind {
  readonly name: string;
  /** Whether this kind is made for speed on this machine. WebAssembly isn't: it takes twenty times as long. */
  readonly isFast: boolean;
  open(network: Network): Promise<Engine>;
}

/** Folder with node_modules/@tensorflow/tfjs-node, from TENSORFLOW_FROM; undefined where tests use WebAssembly. */
const tensorFlowFolder = process.env.TENSORFLOW_FROM;

let tensorFlow: Promise<TensorFlow> | undefined;

/** Returns a test file's one TensorFlow.js for all engines: out of TENSORFLOW_FROM, else on WebAssembly. */
export function testTensorFlow(): Promise<TensorFlow> {
  tensorFlow ??= loadTestTensorFlow();
  return tensorFlow;
}

async function loadTestTensorFlow(): Promise<TensorFlow> {
  if (tensorFlowFolder !== undefined) {
    return asTensorFlow(createRequire(join(tensorFlowFolder, 'index.js'))('@tensorflow/tfjs-node'));
  }
  // Both packages are loaded by require, so that backend and gradients register with the same core.
  const require = createRequire(import.meta.url);
  const tf: typeof import('@tensorflow/tfjs') = require('@tensorflow/tfjs');
  require('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  return asTensorFlow(tf);
}

/** All kinds of engines, as they run on every machine; with one thread, as others compute beside these tests. */
export const engineKinds: readonly EngineKind[] = [
  { name: 'ONNX engine', isFast: true, open: async (network) => new OnnxEngine(network, processor(1)) },
  {
    name: "ONNX engine with a GPU's graphs",
    // They are made for another device.
    isFast: false,
    open: async (network) => new OnnxEngine(network, { ...processor(1), planFor: webGpuDevice().planFor }),
  },
  {
    name: `TensorFlow engine (${tensorFlowFolder === undefined ? 'WebAssembly' : 'native'})`,
    isFast: tensorFlowFolder !== undefined,
    open: async (network) => new TensorFlowEngine(await testTensorFlow(), network),
  },
];
