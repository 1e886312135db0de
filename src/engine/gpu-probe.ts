import { fork } from 'node:child_process';
import { programPath } from '../package-root.js';
import type { EngineName, GpuAnswer } from './choose-engine.js';
import { askForGpu, hasGpuPackage } from './tensorflow/backend.js';
import { describeAdapter } from './webgpu/adapter.js';
import { askWebGpu, requireWebGpu } from './webgpu/webgpu.js';

/** The answer to whether a GPU computes here, with the reason in words for an operator. */
export interface GpuProbe {
  readonly answers: boolean;
  readonly reason: string;
}

/** Longest wait for the answer, in milliseconds: TensorFlow takes some seconds to load, and some more to find a GPU. */
const patienceMs = 60_000;

/** Finds out whether the engine of that name computes on a GPU here. */
export async function probeGpu(engine: EngineName): Promise<GpuProbe> {
  switch (engine) {
    case 'onnx':
      return { answers: false, reason: 'ENGINE=onnx computes on the processor' };
    case 'onnx-cuda':
      return { answers: true, reason: 'ENGINE=onnx-cuda computes with CUDA' };
    case 'tensorflow':
      return probeTensorFlow();
    case 'webgpu':
      return requireWebGpu().then(
        (adapter) => ({ answers: true, reason: `${describeAdapter(adapter)} computes` }),
        (error: unknown) => ({ answers: false, reason: error instanceof Error ? error.message : String(error) }),
      );
    case 'auto':
      return findGpu();
  }
}

/**
 * Finds the GPU that `auto` computes on. TensorFlow comes first where it has one: nobody has its package and CUDA's old
 * libraries by chance, and with cuDNN it is the faster of the two.
 */
export async function findGpu(): Promise<GpuAnswer> {
  const tensorFlow = await probeTensorFlow();
  if (tensorFlow.answers) return { answers: true, engine: 'tensorflow', reason: tensorFlow.reason };
  const answer = await askWebGpu();
  return answer.answers
    ? { answers: true, engine: 'webgpu', reason: answer.reason }
    : { answers: false, reason: answer.reason };
}

/**
 * Asks TensorFlow for a GPU in a process of its own: once loaded into this one, it would stay there for good, and so
 * would the GPU memory that it holds.
 */
async function probeTensorFlow(): Promise<GpuProbe> {
  if (!hasGpuPackage()) return { answers: false, reason: '@tensorflow/tfjs-node-gpu is not installed' };
  return new Promise((resolve) => {
    const child = fork(programPath('engine/gpu-probe-process'), { silent: true });
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.once('message', (message) => resolve(message as GpuProbe));
    child.once('error', (error) => resolve({ answers: false, reason: error.message }));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ answers: false, reason: `TensorFlow could not be asked: its process ended with ${signal ?? code}` });
    });
  });
}

/** Loads TensorFlow and asks it for a GPU. The process that {@link probeGpu} starts sends this answer. */
export function answerOfTensorFlow(): GpuProbe {
  const answer = askForGpu();
  return answer.answers
    ? { answers: true, reason: 'TensorFlow computes on a GPU' }
    : { answers: false, reason: answer.reason };
}
