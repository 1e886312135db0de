import { chooseEngine, type EngineChoice } from './choose-engine.js';
import { networkFor } from './choose-network.js';
import type { Engine } from './engine.js';
import { engineError } from './engine-error.js';
import { findGpu } from './gpu-probe.js';
import { loadTensorFlow } from './tensorflow/backend.js';
import { topologyOf } from './topology.js';
import { forgetAnswer } from './webgpu/kept-answer.js';
import { requireWebGpu } from './webgpu/webgpu.js';
import { bundledWeights } from './weights/bundled.js';
import { loadNetwork, type Network } from './weights/network.js';

/**
 * Loads a network and opens an engine that runs it. The caller disposes of the engine.
 * @throws `engine/unavailable` where the engine that was asked for isn't installed or has no GPU to compute on;
 *   `engine/unknown-network` where there is no such network, or the weights are another network's; `weights/…` where
 *   the weights are missing or damaged.
 */
export async function openEngine(choice: EngineChoice = {}): Promise<Engine> {
  const { engine: name = 'auto', threads } = choice;
  const { engine } = await chooseEngine(name, findGpu);
  // Engines are loaded only when they are opened: without them the bot itself, and most commands, start faster.
  switch (engine) {
    case 'onnx':
      return openOnProcessor(choice);
    case 'webgpu':
      return openOnWebGpu(choice);
    case 'onnx-cuda': {
      const { requireCuda } = await import('./onnx/cuda-provider.js');
      const { OnnxEngine } = await import('./onnx/onnx-engine.js');
      const { cudaDevice } = await import('./onnx/device.js');
      await requireCuda();
      return new OnnxEngine(await networkOf(choice, true), cudaDevice(threads));
    }
    case 'tensorflow': {
      const { TensorFlowEngine } = await import('./tensorflow/tensorflow-engine.js');
      const { tf, usesGpu } = loadTensorFlow({ threads });
      return new TensorFlowEngine(tf, await networkOf(choice, usesGpu));
    }
  }
}

async function openOnProcessor(choice: EngineChoice): Promise<Engine> {
  const { OnnxEngine } = await import('./onnx/onnx-engine.js');
  const { processor } = await import('./onnx/device.js');
  return new OnnxEngine(await networkOf(choice, false), processor(choice.threads));
}

/** Opens the engine on WebGPU; where nobody asked for that by name and it fails by now, on the processor. */
async function openOnWebGpu(choice: EngineChoice): Promise<Engine> {
  const { OnnxEngine } = await import('./onnx/onnx-engine.js');
  const { webGpuDevice } = await import('./onnx/device.js');
  if (choice.engine === 'webgpu') await requireWebGpu();
  else {
    const { requireProvider } = await import('./onnx/require-provider.js');
    try {
      await requireProvider(webGpuDevice());
    } catch {
      // The GPU was there when it was measured; what was found out then is no longer so.
      forgetAnswer();
      return openOnProcessor(choice);
    }
  }
  return new OnnxEngine(await networkOf(choice, true), webGpuDevice());
}

async function networkOf({ network, weightsPath, pooling }: EngineChoice, gpu: boolean): Promise<Network> {
  const requested = network === undefined || network === 'auto' ? undefined : topologyOf(network).name;
  const path = weightsPath ?? bundledWeights(networkFor(requested, gpu).network);
  const loaded = await loadNetwork(path, { pooling });
  if (requested !== undefined && loaded.name !== requested) {
    throw engineError('unknown-network', `${path} holds ${loaded.name}, not ${requested}. Ask for one of them.`, {
      network: requested,
      available: loaded.name,
    });
  }
  return loaded;
}
