import type { GraphBuilder, Value } from './graph-builder.js';

/** A layer whose activations are computed with. */
export interface LayerValue {
  readonly channels: number;
  /** The layer's activations F, NCHW with N = 1. */
  readonly activations: Value;
  /** The weights w of the positions, [1, 1, h, w], with a sum of 1; undefined where all positions count the same. */
  readonly map: Value | undefined;
}

/**
 * The operations on a layer's activations that statistics are made of, for one kind of device. They take and return the
 * activations in the form that suits the device, which is nobody else's business; vectors are [C, 1], matrices [C, C].
 */
export interface LayerArithmetic {
  /** The activations F, in the device's form. */
  readonly activations: Value;
  /** Multiplies each position by its weight where there is a map. */
  weighted(value: Value): Value;
  /** Returns the mean μ = F·w of each channel. */
  mean(): Value;
  /** Returns a vector in a form that can be added to activations. */
  spread(vector: Value): Value;
  /** Returns the product A·Bᵀ, a sum over the positions. */
  product(a: Value, b: Value): Value;
  /** Returns the product of a matrix with activations. */
  multiply(matrix: Value, value: Value): Value;
  /** Returns a value in the form of the layer itself, NCHW with N = 1. */
  asLayer(value: Value): Value;
}

/** The arithmetic for processors: activations are a C × (h·w) matrix. */
export function matrixArithmetic(graph: GraphBuilder, { channels, activations, map }: LayerValue): LayerArithmetic {
  const matrix = graph.node('Reshape', [activations, graph.integers(channels, -1)]);
  const weights = map && graph.node('Reshape', [map, graph.integers(1, -1)]);
  return {
    activations: matrix,
    weighted: (value) => (weights === undefined ? value : graph.node('Mul', [value, weights])),
    mean: () =>
      map === undefined
        ? graph.node('ReduceMean', [matrix], { attributes: { axes: [1], keepdims: 1 } })
        : graph.node('MatMul', [matrix, graph.node('Reshape', [map, graph.integers(-1, 1)])]),
    spread: (vector) => vector,
    product: (a, b) => graph.node('MatMul', [a, graph.node('Transpose', [b], { attributes: { perm: [1, 0] } })]),
    multiply: (factor, value) => graph.node('MatMul', [factor, value]),
    asLayer: (value) => graph.node('Reshape', [value, graph.node('Shape', [activations])]),
  };
}

/**
 * The arithmetic for GPUs: activations stay as they are, in whatever order the device keeps them, and no shape has to be
 * asked for, which would be the processor's work. A GPU computes a sum of a million products as slowly as one group of
 * its threads does, so sums over positions are cut into parts that are computed side by side.
 * @param parts - number of parts, which divides the number of positions.
 */
export function pictureArithmetic(
  graph: GraphBuilder,
  { channels, activations, map }: LayerValue,
  parts: number,
): LayerArithmetic {
  const inParts = (value: Value, perm: readonly number[]) =>
    graph.node('Transpose', [graph.node('Reshape', [value, graph.integers(channels, parts, -1)])], {
      attributes: { perm },
    });
  const weighted = (value: Value) => (map === undefined ? value : graph.node('Mul', [value, map]));
  return {
    activations,
    weighted,
    mean: () => {
      const values = graph.node('Reshape', [weighted(activations), graph.integers(channels, parts, -1)]);
      if (map === undefined) {
        const means = graph.node('ReduceMean', [values], { attributes: { axes: [2], keepdims: 0 } });
        return graph.node('ReduceMean', [means], { attributes: { axes: [1], keepdims: 1 } });
      }
      const sums = graph.node('ReduceSum', [values, graph.integers(2)], { attributes: { keepdims: 0 } });
      return graph.node('ReduceSum', [sums, graph.integers(1)], { attributes: { keepdims: 1 } });
    },
    spread: (vector) => graph.node('Reshape', [vector, graph.integers(1, channels, 1, 1)]),
    product: (a, b) => {
      const products = graph.node('MatMul', [inParts(a, [1, 0, 2]), inParts(b, [1, 2, 0])]);
      return graph.node('ReduceSum', [products, graph.integers(0)], { attributes: { keepdims: 0 } });
    },
    // A convolution of single positions is that product, and takes activations in any order.
    multiply: (matrix, value) => {
      const kernel = graph.node('Reshape', [matrix, graph.integers(channels, channels, 1, 1)]);
      return graph.node('Conv', [value, kernel], { attributes: { kernel_shape: [1, 1] } });
    },
    asLayer: (value) => value,
  };
}
