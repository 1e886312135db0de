import { chooseNetwork, type NetworkChoice } from './choose-network.js';
import type { Engine } from './engine.js';
import { EngineError } from './engine-error.js';
import { requireCuda } from './onnx/cuda-provider.js';
import { OnnxEngine } from './onnx/onnx-engine.js';
import { askForGpu, loadTensorFlow } from './tensorflow/backend.js';
import { TensorFlowEngine } from './tensorflow/tensorflow-engine.js';
import { type NetworkName, type Pooling, topologyOf } from './topology.js';
import { availableNetworks, bundledWeights } from './weights/bundled.js';
import { loadNetwork, type Network } from './weights/network.js';

/** The engines there are; `auto` takes the best one for the machine. */
export const engineNames = ['auto', 'onnx', 'onnx-cuda', 'tensorflow'] as const;
export type EngineName = (typeof engineNames)[number];

/** Which engine to open, and on which network. */
export interface EngineChoice {
  readonly engine?: EngineName | undefined;
  /** Default: 'auto', see {@link chooseNetwork}. */
  readonly network?: string | undefined;
  /** A safetensors file instead of the network's own weights. */
  readonly weightsPath?: string | undefined;
  /** Default: what the network was trained with. */
  readonly pooling?: Pooling | undefined;
  readonly threads?: number | undefined;
}

/** The engine that an {@link EngineName} comes to, and why, in words for an operator. */
export interface ChosenEngine {
  readonly engine: Exclude<EngineName, 'auto'>;
  readonly reason: string;
}

/**
 * The engine to take: what was asked for; of itself TensorFlow where it computes on a GPU, else ONNX Runtime, which is the
 * faster one on processors.
 * @param gpu - called for `auto` only, for it loads TensorFlow where that is installed.
 */
export function chooseEngine(
  name: EngineName,
  gpu: () => { readonly answers: true } | { readonly answers: false; readonly reason: string },
): ChosenEngine {
  if (name !== 'auto') return { engine: name, reason: `ENGINE is ${name}` };
  const answer = gpu();
  return answer.answers
    ? { engine: 'tensorflow', reason: 'TensorFlow computes on a GPU' }
    : { engine: 'onnx', reason: `ONNX Runtime computes on the processor, for ${answer.reason}` };
}

/**
 * The network that this machine's engine will look with.
 * @param gpu - whether that computes on a GPU.
 * @throws WeightsError 'missing', with the command that fetches them, where its weights are not there.
 */
export function networkFor(requested: NetworkName | undefined, gpu = false): NetworkChoice {
  return chooseNetwork({ requested, available: availableNetworks(), gpu });
}

/**
 * Loads a network and opens an engine on it; to be disposed of by the caller.
 * @throws EngineError 'unavailable' where the engine that was asked for isn't installed or has no GPU to compute on,
 *   'unknown-network', also where the weights are another network's than was asked for; WeightsError where the weights are
 *   missing or damaged.
 */
export async function openEngine(choice: EngineChoice = {}): Promise<Engine> {
  const { engine: name = 'auto', threads } = choice;
  const { engine } = chooseEngine(name, () => askForGpu({ threads }));
  switch (engine) {
    case 'onnx':
      return new OnnxEngine(await networkOf(choice, false), { threads });
    case 'onnx-cuda':
      await requireCuda();
      return new OnnxEngine(await networkOf(choice, true), { threads, provider: 'cuda' });
    case 'tensorflow': {
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
    throw new EngineError('unknown-network', `${path} holds ${loaded.name}, not ${requested}. Ask for one of them.`, {
      network: requested,
      available: [loaded.name],
    });
  }
  return loaded;
}
