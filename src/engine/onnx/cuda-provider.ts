import { engineError } from '../engine-error.js';
import { cudaDevice } from './device.js';
import { requireProvider } from './require-provider.js';
import { reasonOf } from './runtime-error.js';

/**
 * Makes sure that ONNX Runtime can compute with CUDA.
 * @throws `engine/unavailable` where it can't; the message says how to install the missing parts.
 */
export async function requireCuda(): Promise<void> {
  try {
    await requireProvider(cudaDevice());
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
