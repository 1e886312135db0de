import { engineError } from '../engine-error.js';

/*
 * The part of TensorFlow.js that the engine uses: @tensorflow/tfjs has it, and with it @tensorflow/tfjs-node-gpu and
 * @tensorflow/tfjs-node. Declared here because none of them need be installed for whitewalker to be built and to run.
 */

/** Values on TensorFlow's side. */
export interface Tensor {
  readonly shape: number[];
  /** Waits for the values and copies them. */
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

/** What a function with a gradient of its own returns. */
export interface WithGradient<Saved extends Tensor[]> {
  readonly value: Tensor;
  /** From the gradient of what came out and the tensors that were saved to that of what went in. */
  gradFunc(gradient: Tensor, saved: Saved): Tensor;
}

/** A tape holds what the backward pass needs. It is left behind where an evaluation throws. */
interface EngineState {
  activeTape?: readonly { readonly saved?: readonly Tensor[] }[] | null;
}

/** The functions that are needed; js.tensorflow.org/api says what each does. */
export interface TensorFlow {
  tensor(values: Float32Array, shape: number[]): Tensor;
  tensor1d(values: number[], dtype: 'float32'): Tensor;

  add(a: Tensor, b: Tensor): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor | number): Tensor;
  square(x: Tensor): Tensor;
  sign(x: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  sum(x: Tensor): Tensor;
  mean(x: Tensor, axis: number, keepDims: boolean): Tensor;
  stack(tensors: Tensor[]): Tensor;
  reshape(x: Tensor, shape: number[]): Tensor;
  transpose(x: Tensor, permutation: number[]): Tensor;
  reverse(x: Tensor, axes: number[]): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  conv2d(x: Tensor, filter: Tensor, strides: number, padding: 'same'): Tensor;
  maxPool(x: Tensor, filterSize: number, strides: number, padding: 'valid'): Tensor;
  avgPool(x: Tensor, filterSize: number, strides: number, padding: 'valid'): Tensor;

  /** Frees every tensor that was made inside, but those returned. */
  tidy<Result>(body: () => Result): Result;
  customGrad<Saved extends Tensor[]>(
    body: (input: Tensor, save: (tensors: Saved) => void) => WithGradient<Saved>,
  ): (input: Tensor) => Tensor;
  valueAndGrad(body: (x: Tensor) => Tensor): (x: Tensor, gradient: Tensor) => { value: Tensor; grad: Tensor };
  memory(): { numTensors: number; numBytes: number };
  engine(): { readonly state: EngineState };
  backend(): unknown;
}

/** The names of all functions above: what a module must have. */
const functions: { readonly [Name in keyof TensorFlow]: true } = {
  tensor: true,
  tensor1d: true,
  add: true,
  sub: true,
  mul: true,
  square: true,
  sign: true,
  relu: true,
  sum: true,
  mean: true,
  stack: true,
  reshape: true,
  transpose: true,
  reverse: true,
  matMul: true,
  conv2d: true,
  maxPool: true,
  avgPool: true,
  tidy: true,
  customGrad: true,
  valueAndGrad: true,
  memory: true,
  engine: true,
  backend: true,
};

/**
 * A module as TensorFlow.js, where it is that.
 * @throws `engine/unavailable` that says what it lacks.
 */
export function asTensorFlow(module: unknown): TensorFlow {
  const missing = Object.keys(functions)
    .filter((name) => !hasFunction(module, name))
    .join(', ');
  if (missing === '') return module as TensorFlow;
  throw engineError('unavailable', `What was loaded as TensorFlow.js lacks ${missing}. Install version 4.22 of it.`, {
    missing,
  });
}

function hasFunction(module: unknown, name: string): boolean {
  return typeof module === 'object' && module !== null && typeof Reflect.get(module, name) === 'function';
}
