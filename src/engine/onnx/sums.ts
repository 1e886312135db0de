import type { GraphBuilder, Value } from './graph-builder.js';

/*
 * Sums over all of a value's elements, which are scalars. With `rows`, a number that divides the number of elements, the
 * sum of each row is computed first, side by side: a GPU gives each sum only one group of its threads.
 */

/** Adds the sum of a value's squares. */
export function sumOfSquares(graph: GraphBuilder, value: Value, rows?: number): Value {
  return sum(graph, 'ReduceSumSquare', value, rows);
}

/** Adds the sum of the products of two values' elements. */
export function sumOfProducts(graph: GraphBuilder, a: Value, b: Value, rows?: number): Value {
  return sum(graph, 'ReduceSum', graph.node('Mul', [a, b]), rows);
}

function sum(graph: GraphBuilder, operator: 'ReduceSum' | 'ReduceSumSquare', value: Value, rows?: number): Value {
  if (rows === undefined) return graph.node(operator, [value], { attributes: { keepdims: 0 } });
  const matrix = graph.node('Reshape', [value, graph.integers(rows, -1)]);
  // In this version of ONNX one of the two operators takes its axes as an attribute, the other as an input.
  const sums =
    operator === 'ReduceSum'
      ? graph.node(operator, [matrix, graph.integers(1)], { attributes: { keepdims: 0 } })
      : graph.node(operator, [matrix], { attributes: { axes: [1], keepdims: 0 } });
  return graph.node('ReduceSum', [sums], { attributes: { keepdims: 0 } });
}
