import { fork } from 'node:child_process';
import { programPath } from '../package-root.js';
import type { EngineName } from './choose-engine.js';
import { askForGpu, hasGpuPackage } from './tensorflow/backend.js';

/** Whether a GPU computes here, and if not, why. */
export interface GpuProbe {
  readonly answers: boolean;
  readonly reason: string;
}

/** TensorFlow takes some seconds to load, and some more to find a GPU. */
const patienceMs = 60_000;

/**
 * Whether the engine of that name computes on a GPU here. TensorFlow is asked in a process of its own: once loaded, it would
 * stay in this one for good, with what it holds of the GPU.
 */
export async function probeGpu(engine: EngineName): Promise<GpuProbe> {
  if (engine === 'onnx') return { answers: false, reason: 'ENGINE=onnx computes on the processor' };
  if (engine === 'onnx-cuda') return { answers: true, reason: 'ENGINE=onnx-cuda computes with CUDA' };
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

/** What the process says that {@link probeGpu} starts. */
export function answerOfTensorFlow(): GpuProbe {
  const answer = askForGpu();
  return answer.answers
    ? { answers: true, reason: 'TensorFlow computes on a GPU' }
    : { answers: false, reason: answer.reason };
}
