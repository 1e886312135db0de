import { engineError } from '../engine-error.js';

/*
 * The part of TensorFlow.js that the engine uses: @tensorflow/tfjs has it, and with it @tensorflow/tfjs-node-gpu and
 * @tensorflow/tfjs-node. It is declared here because whitewalker is built and runs without any of them.
 */

/** A tensor of TensorFlow, whose values may be on a GPU. */
export interface Tensor {
  readonly shape: number[];
  /** Waits for the values and returns a copy of them. */
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

/** The return value of a function that has a gradient of its own. */
export interface WithGradient<Saved extends Tensor[]> {
  readonly value: Tensor;
  /** Turns the gradient at the function's output into that at its input, with the tensors that were saved. */
  gradFunc(gradient: Tensor, saved: Saved): Tensor;
}

/** The tape holds the tensors that the backward pass needs. An evaluation that throws leaves it behind. */
interface EngineState {
  activeTape?: readonly { readonly saved?: readonly Tensor[] }[] | null;
}

/** The functions of TensorFlow.js that are used here; js.tensorflow.org/api says what each does. */
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

  /** Runs a function and frees every tensor that was made in it, except those that it returns. */
  tidy<Result>(body: () => Result): Result;
  customGrad<Saved extends Tensor[]>(
    body: (input: Tensor, save: (tensors: Saved) => void) => WithGradient<Saved>,
  ): (input: Tensor) => Tensor;
  valueAndGrad(body: (x: Tensor) => Tensor): (x: Tensor, gradient: Tensor) => { value: Tensor; grad: Tensor };
  memory(): { numTensors: number; numBytes: number };
  engine(): { readonly state: EngineState };
  backend(): unknown;
}

/** The names of all functions of {@link TensorFlow}, which a module must have. */
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
 * Returns a module as TensorFlow.js, after checking that it has the functions.
 * @throws `engine/unavailable` that names the functions that the module lacks.
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
