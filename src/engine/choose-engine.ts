import type { Pooling } from './topology.js';

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
