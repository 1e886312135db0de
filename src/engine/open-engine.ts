import type { Engine } from './engine.js';
import { EngineError } from './engine-error.js';
import { OnnxEngine } from './onnx/onnx-engine.js';
import { type Pooling, topologyOf } from './topology.js';
import { bundledWeights } from './weights/bundled.js';
import { loadNetwork } from './weights/network.js';

/** The engines there are; `auto` takes the best one for the machine. */
export const engineNames = ['auto', 'onnx'] as const;
export type EngineName = (typeof engineNames)[number];

/** Which engine to open, and on which network. */
export interface EngineChoice {
  readonly engine?: EngineName | undefined;
  /** Default: vgg19-lite, whose weights come with the program. */
  readonly network?: string | undefined;
  /** A safetensors file instead of the network's own weights. */
  readonly weightsPath?: string | undefined;
  /** Default: what the network was trained with. */
  readonly pooling?: Pooling | undefined;
  readonly threads?: number | undefined;
}

/**
 * Loads a network and opens an engine on it; to be disposed of by the caller.
 * @throws EngineError 'unknown-network', also where the weights are another network's than was asked for; WeightsError
 *   where the weights are missing or damaged.
 */
export async function openEngine({ network, weightsPath, pooling, threads }: EngineChoice = {}): Promise<Engine> {
  const { name } = topologyOf(network ?? 'vgg19-lite');
  const loaded = await loadNetwork(weightsPath ?? bundledWeights(name), { pooling });
  if (network !== undefined && loaded.name !== network) {
    throw new EngineError(
      'unknown-network',
      `${weightsPath} holds ${loaded.name}, not ${network}. Ask for one of them.`,
      {
        network,
        available: [loaded.name],
      },
    );
  }
  return new OnnxEngine(loaded, { threads });
}
