import type { Pooling } from './topology.js';

/** The names of the engines; `auto` takes the best one for the machine. */
export const engineNames = ['auto', 'onnx', 'onnx-cuda', 'tensorflow'] as const;
export type EngineName = (typeof engineNames)[number];

/** The choice of an engine, and of the network that it runs. */
export interface EngineChoice {
  readonly engine?: EngineName | undefined;
  /** Name of the network. Default: 'auto', which {@link chooseNetwork} explains. */
  readonly network?: string | undefined;
  /** Path of a safetensors file to take instead of the network's own weights. */
  readonly weightsPath?: string | undefined;
  /** The pooling between blocks. Default: the one that the network was trained with. */
  readonly pooling?: Pooling | undefined;
  readonly threads?: number | undefined;
}

/** The engine that was chosen for an {@link EngineName}, and the reason in words for an operator. */
export interface ChosenEngine {
  readonly engine: Exclude<EngineName, 'auto'>;
  readonly reason: string;
}

/**
 * Chooses the engine: the named one, or for `auto` TensorFlow where it computes on a GPU, else ONNX Runtime, which is
 * the faster one on processors.
 * @param gpu - says whether TensorFlow has a GPU; called for `auto` only, as it loads TensorFlow where there is one.
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
