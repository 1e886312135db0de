import { chooseEngine, type EngineChoice } from './choose-engine.js';
import { networkFor } from './choose-network.js';
import type { Engine } from './engine.js';
import { engineError } from './engine-error.js';
import { askForGpu, loadTensorFlow } from './tensorflow/backend.js';
import { topologyOf } from './topology.js';
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
  const { engine } = chooseEngine(name, () => askForGpu({ threads }));
  // Engines are loaded only when they are opened: without them the bot itself, and most commands, start faster.
  switch (engine) {
    case 'onnx': {
      const { OnnxEngine } = await import('./onnx/onnx-engine.js');
      const { processor } = await import('./onnx/device.js');
      return new OnnxEngine(await networkOf(choice, false), processor(threads));
    }
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
