import { engineError } from '../engine-error.js';
import { GraphBuilder } from './graph-builder.js';
import { InferenceSession } from './onnx-runtime.js';
import { reasonOf } from './runtime-error.js';

/**
 * Makes sure that ONNX Runtime can compute on a GPU, by opening a graph of one operator there.
 * @throws `engine/unavailable` where it can't; the message says how to install the missing parts.
 */
export async function requireCuda(): Promise<void> {
  const graph = new GraphBuilder();
  graph.output('out', graph.node('Relu', [graph.input('in', [1])]), [1]);
  try {
    const session = await InferenceSession.create(graph.serialize('probe'), { executionProviders: ['cuda'] });
    await session.release();
  } catch (cause) {
    throw engineError(
      'unavailable',
      `ONNX Runtime can't compute with CUDA here: ${reasonOf(cause)}. It needs an NVIDIA GPU, CUDA 12, cuDNN 9 and its CUDA provider, ` +
        'which `ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js` fetches. ' +
        'Without them, set ENGINE=onnx.',
      {},
      cause,
    );
  }
}
