import type { Pooling } from './topology.js';

/** The names of the engines; `auto` takes the best one for the machine. */
export const engineNames = ['auto', 'onnx', 'webgpu', 'onnx-cuda', 'tensorflow'] as const;
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
  /** The memory that the process may take, in bytes. Default: as much as it wants. */
  readonly memoryBytes?: number | undefined;
}

/** The engine that was chosen for an {@link EngineName}, and the reason in words for an operator. */
export interface ChosenEngine {
  readonly engine: Exclude<EngineName, 'auto'>;
  readonly reason: string;
}

/** The answer to whether a GPU computes, with the engine that computes there, and the reason as half a sentence. */
export type GpuAnswer =
  | { readonly answers: true; readonly engine: 'webgpu' | 'tensorflow'; readonly reason: string }
  | { readonly answers: false; readonly reason: string };

/**
 * Chooses the engine: the named one, or for `auto` the one that computes on a GPU, else ONNX Runtime on the processor.
 * @param gpu - finds a GPU; called for `auto` only, as that may take seconds.
 */
export async function chooseEngine(name: EngineName, gpu: () => Promise<GpuAnswer>): Promise<ChosenEngine> {
  if (name !== 'auto') return { engine: name, reason: `ENGINE is ${name}` };
  const answer = await gpu();
  return answer.answers
    ? { engine: answer.engine, reason: answer.reason }
    : { engine: 'onnx', reason: `ONNX Runtime computes on the processor, for ${answer.reason}` };
}
