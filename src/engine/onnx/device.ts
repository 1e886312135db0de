import { availableParallelism } from 'node:os';
import { type GraphPlan, gpuPlan, processorPlan } from './graph-plan.js';
import type { InferenceSession } from './onnx-runtime.js';

/** A device that ONNX Runtime computes on, with all that is done differently for it. */
export interface Device {
  /** The name of the engine that computes there. */
  readonly name: 'onnx' | 'onnx-cuda' | 'webgpu';
  /**
   * Returns the options of a session.
   * @param keepsMemory - whether the memory of a run is kept for the next: right for the session that runs hundreds of
   *   times, a waste for those that run once a scale.
   */
  sessionOptions(keepsMemory: boolean): InferenceSession.SessionOptions;
  /**
   * Returns how many threads of the processor sessions are to have from now on: those that have another number are closed,
   * and made again when they are needed.
   */
  threads(): number;
  /** Plans a graph for pictures of a size, see {@link GraphPlan}. */
  planFor(size: { readonly width: number; readonly height: number }, stride: number): GraphPlan;
  /** Whether inputs that many runs share are brought to the device once and stay there. */
  readonly keepsInputs: boolean;
  /**
   * Whether of several losses only the latest keeps a session: right where making one takes little time, and its memory is
   * that of other programs as well.
   */
  readonly keepsLatestOnly: boolean;
  /** What to do where its memory doesn't suffice, as a sentence. */
  readonly memoryAdvice: string;
}

/** Options of every session. Warnings about graphs are for us, not for users. */
const quiet = { logSeverityLevel: 3 } as const;

/** Returns the processor. @param threads - how many to compute with, which may change; default: as many as it has. */
export function processor(threads: number | (() => number) = availableParallelism()): Device {
  const now = typeof threads === 'number' ? () => threads : threads;
  return {
    name: 'onnx',
    sessionOptions: (keepsMemory) => onProcessor(now(), keepsMemory),
    threads: now,
    planFor: processorPlan,
    keepsInputs: false,
    keepsLatestOnly: true,
    memoryAdvice: 'Take a smaller size or network, or give the process more memory.',
  };
}

/** Returns the GPU that CUDA takes by default. Before, call `requireCuda`: sessions fail late. */
export function cudaDevice(threads = availableParallelism()): Device {
  return {
    name: 'onnx-cuda',
    sessionOptions: (keepsMemory) => ({ ...onProcessor(threads, keepsMemory), executionProviders: ['cuda'] }),
    threads: () => threads,
    planFor: gpuPlan,
    keepsInputs: false,
    keepsLatestOnly: false,
    memoryAdvice: 'Take a smaller size or network, or a GPU with more memory.',
  };
}

/** The order in which a GPU keeps activations: channels outside or inside of pixels. */
export type Layout = 'NCHW' | 'NHWC';

/**
 * Returns the GPU that ONNX Runtime's WebGPU provider takes: by Vulkan, Direct3D 12 or Metal.
 * @param layout - the order in which activations are kept. Default: NHWC, as the provider itself prefers.
 */
export function webGpuDevice(layout: Layout = 'NHWC'): Device {
  return {
    name: 'webgpu',
    sessionOptions: () => ({
      executionProviders: [{ name: 'webgpu', preferredLayout: layout }],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // Without this, what the provider can't do would be computed by the processor, slowly and without a word.
      extra: { session: { disable_cpu_ep_fallback: '1' } },
      ...quiet,
    }),
    threads: () => 1,
    planFor: gpuPlan,
    keepsInputs: true,
    keepsLatestOnly: false,
    memoryAdvice: 'Take a smaller size or network, or a GPU with more memory.',
  };
}

function onProcessor(threads: number, keepsMemory: boolean): InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableCpuMemArena: keepsMemory,
    // A pattern of the first run's memory would be one block beside the blocks that the arena has from that run: 1325 bytes
    // a pixel instead of 793, and no faster.
    enableMemPattern: false,
    // Without this, threads spin while they wait for the next run, in the way of everything else on the machine.
    extra: { session: { force_spinning_stop: '1' } },
    ...quiet,
  };
}
