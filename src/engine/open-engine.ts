import { chooseNetwork, type NetworkChoice } from './choose-network.js';
import type { Engine } from './engine.js';
import { EngineError } from './engine-error.js';
import { OnnxEngine } from './onnx/onnx-engine.js';
import { type NetworkName, type Pooling, topologyOf } from './topology.js';
import { availableNetworks, bundledWeights } from './weights/bundled.js';
import { loadNetwork } from './weights/network.js';

/** The engines there are; `auto` takes the best one for the machine. */
export const engineNames = ['auto', 'onnx'] as const;
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

/**
 * The network that this machine's engine will look with.
 * @throws WeightsError 'missing', with the command that fetches them, where its weights are not there.
 */
export function networkFor(requested: NetworkName | undefined): NetworkChoice {
  // There is no engine for GPUs.
  return chooseNetwork({ requested, available: availableNetworks(), gpu: false });
}

/**
 * Loads a network and opens an engine on it; to be disposed of by the caller.
 * @throws EngineError 'unknown-network', also where the weights are another network's than was asked for; WeightsError
 *   where the weights are missing or damaged.
 */
export async function openEngine({ network, weightsPath, pooling, threads }: EngineChoice = {}): Promise<Engine> {
  const requested = network === undefined || network === 'auto' ? undefined : topologyOf(network).name;
  const path = weightsPath ?? bundledWeights(networkFor(requested).network);
  const loaded = await loadNetwork(path, { pooling });
  if (requested !== undefined && loaded.name !== requested) {
    throw new EngineError('unknown-network', `${path} holds ${loaded.name}, not ${requested}. Ask for one of them.`, {
      network: requested,
      available: [loaded.name],
    });
  }
  return new OnnxEngine(loaded, { threads });
}
