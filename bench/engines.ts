import { type EngineName, engineNames } from '../src/engine/choose-engine.js';
import type { Engine } from '../src/engine/engine.js';
import { requireCuda } from '../src/engine/onnx/cuda-provider.js';
import { cudaDevice, processor, webGpuDevice } from '../src/engine/onnx/device.js';
import { OnnxEngine } from '../src/engine/onnx/onnx-engine.js';
import { loadTensorFlow } from '../src/engine/tensorflow/backend.js';
import { TensorFlowEngine } from '../src/engine/tensorflow/tensorflow-engine.js';
import { requireWebGpu } from '../src/engine/webgpu/webgpu.js';
import type { Network } from '../src/engine/weights/network.js';

/** An engine that is asked for by its own name. */
export type NamedEngine = Exclude<EngineName, 'auto'>;

/** Returns the engine of that name. @throws Error where there is none. */
export function engineNamed(name: string): NamedEngine {
  const named = engineNames.find((one) => one === name);
  if (named === undefined || named === 'auto') {
    throw new Error(
      `There is no engine "${name}": take one of ${engineNames.filter((one) => one !== 'auto').join(', ')}.`,
    );
  }
  return named;
}

/** Opens an engine on a network that is here already, with any weights. @throws `engine/unavailable`. */
export async function openEngineOn(name: NamedEngine, network: Network, threads: number): Promise<Engine> {
  switch (name) {
    case 'onnx':
      return new OnnxEngine(network, processor(threads));
    case 'webgpu':
      await requireWebGpu();
      return new OnnxEngine(network, webGpuDevice());
    case 'onnx-cuda':
      await requireCuda();
      return new OnnxEngine(network, cudaDevice(threads));
    case 'tensorflow':
      return new TensorFlowEngine(loadTensorFlow({ threads }).tf, network);
  }
}
