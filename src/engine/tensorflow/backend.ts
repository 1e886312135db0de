import { createRequire } from 'node:module';
import { engineError } from '../engine-error.js';
import { asTensorFlow, type TensorFlow } from './tensorflow.js';

/** The npm packages that bring TensorFlow itself, the best one first. */
export const tensorFlowPackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;
export type TensorFlowPackage = (typeof tensorFlowPackages)[number];

/** TensorFlow after it was loaded. */
export interface TensorFlowBackend {
  readonly tf: TensorFlow;
  readonly packageName: TensorFlowPackage;
  /** Whether TensorFlow computes on a GPU. The package for GPUs takes the processor where it finds none. */
  readonly usesGpu: boolean;
}

export interface LoadOptions {
  /** Threads on the processor. Default: as many as there are processors. Has no effect once TensorFlow was loaded. */
  readonly threads?: number | undefined;
  /** The packages to try, in this order. Default: {@link tensorFlowPackages}. */
  readonly packages?: readonly TensorFlowPackage[] | undefined;
  /** Path of the file from which the packages are resolved, as Node.js does it. Default: this file. */
  readonly from?: string | undefined;
}

/** The advice for operators who want TensorFlow and don't have it. */
const remedy =
  'Run `npm install @tensorflow/tfjs-node-gpu` for an NVIDIA GPU with CUDA 11.2 and cuDNN 8.1 (Linux or Windows), or ' +
  `\`npm install @tensorflow/tfjs-node\` for the processor. ${nodeAdvice()}`;

/** Says which versions of Node.js the packages are made for, and whether this is one of them. */
function nodeAdvice(): string {
  const { node } = process.versions;
  const isOneOfThem = /^(?:18|20)\./.test(node);
  const here = isOneOfThem ? `Node ${node}, which runs here, is one of them` : `this is Node ${node}: run Node 20`;
  return `Their prebuilt addon exists for Node 18 and 20 only; ${here}.`;
}

/**
 * Loads TensorFlow: the package for GPUs where it is installed, else the one for processors. On a GPU, TensorFlow takes
 * memory as it needs it instead of all at once.
 * @throws `engine/not-installed` where there is no package, `engine/unavailable` where none can be loaded; the message says why,
 *   and what to install.
 */
export function loadTensorFlow({ threads, packages, from }: LoadOptions = {}): TensorFlowBackend {
  const require = createRequire(from ?? import.meta.url);
  prepareEnvironment(threads);
  const failures: string[] = [];
  for (const packageName of packages ?? tensorFlowPackages) {
    if (!isInstalled(require, packageName)) continue;
    try {
      const tf = asTensorFlow(require(packageName));
      tryOut(tf);
      return { tf, packageName, usesGpu: usesGpu(tf) };
    } catch (error) {
      failures.push(`${packageName} could not be loaded: ${firstLine(error)}`);
    }
  }
  const context = { node: process.versions.node };
  if (failures.length === 0) throw engineError('not-installed', `TensorFlow is not installed. ${remedy}`, context);
  throw engineError('unavailable', `${failures.join('; ')}. ${remedy}`, context);
}

/** The answer to whether TensorFlow computes on a GPU here, with the reason if it doesn't. */
export type GpuAnswer =
  | { readonly answers: true; readonly backend: TensorFlowBackend }
  | { readonly answers: false; readonly reason: string };

/** Tells whether the package for GPUs is installed, without loading it. */
export function hasGpuPackage(): boolean {
  return isInstalled(createRequire(import.meta.url), tensorFlowPackages[0]);
}

/** Loads the package for GPUs and asks it whether it can use one. Never throws. */
export function askForGpu(options: Omit<LoadOptions, 'packages'> = {}): GpuAnswer {
  const [packageName] = tensorFlowPackages;
  if (!isInstalled(createRequire(options.from ?? import.meta.url), packageName)) {
    return { answers: false, reason: `${packageName} is not installed` };
  }
  try {
    const backend = loadTensorFlow({ ...options, packages: [packageName] });
    if (backend.usesGpu) return { answers: true, backend };
    return { answers: false, reason: `${packageName} finds no GPU that it can use` };
  } catch (error) {
    return { answers: false, reason: firstLine(error) };
  }
}

/** Sets the environment variables that TensorFlow reads when it is loaded. Those that an operator has set stay. */
function prepareEnvironment(threads: number | undefined): void {
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // At level 0 TensorFlow logs every start; at level 1 it still logs warnings and errors.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  if (threads !== undefined) process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
}

function isInstalled(require: NodeJS.Require, packageName: string): boolean {
  try {
    require.resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** Runs one operator: on a version of Node.js that it isn't made for, TensorFlow.js can be loaded but fails at it. */
function tryOut(tf: TensorFlow): void {
  tf.tidy(() => {
    const one = tf.tensor1d([1], 'float32');
    tf.add(one, one).dataSync();
  });
}

function usesGpu(tf: TensorFlow): boolean {
  const backend = tf.backend();
  return typeof backend === 'object' && backend !== null && Reflect.get(backend, 'isUsingGpuDevice') === true;
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  return line.trim().replace(/\.$/, '');
}
