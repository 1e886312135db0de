import type { GraphBuilder, Value } from './graph-builder.js';
import { names } from './loss-names.js';

/** A layer whose Gram matrix or moments are computed. */
export interface StatisticsLayer {
  readonly layer: string;
  readonly channels: number;
  /** The layer's activations, NCHW with N = 1. */
  readonly activations: Value;
  /** Whether positions have weights, which are the input {@link names.styleMap}; else all positions count the same. */
  readonly isMapped: boolean;
}

/** A matrix of second moments of X in a graph, with the factor that its gradient needs. */
interface SecondMoments {
  /** The second moments X·diag(w)·Xᵀ, [C, C], with weights w that sum to 1. */
  readonly product: Value;
  /** The factor X·diag(w), or just X where all positions weigh the same: their weight is then part of the scale. */
  readonly weighted: Value;
}

/** Adds a layer's Gram matrix, G = F·diag(w)·Fᵀ, to a graph. */
export function addGram(graph: GraphBuilder, layer: StatisticsLayer): SecondMoments {
  return addSecondMoments(graph, layer, asMatrix(graph, layer));
}

/**
 * Adds a layer's mean μ = F·w, [C, 1], and covariance Σ = (F − μ)·diag(w)·(F − μ)ᵀ to a graph. The other way to compute
 * it, G − μ·μᵀ, would lose digits to cancellation in single precision.
 */
export function addMoments(graph: GraphBuilder, layer: StatisticsLayer): { mean: Value; covariance: SecondMoments } {
  const matrix = asMatrix(graph, layer);
  const mean = layer.isMapped
    ? graph.node('MatMul', [matrix, graph.node('Reshape', [names.styleMap(layer.layer), graph.integers(-1, 1)])])
    : graph.node('ReduceMean', [matrix], { attributes: { axes: [1], keepdims: 1 } });
  const centred = graph.node('Sub', [matrix, mean]);
  return { mean, covariance: addSecondMoments(graph, layer, centred) };
}

/**
 * Adds the squared error of a layer's Gram matrix as an output of the graph.
 * @returns the gradient of the weighted, relative error with respect to the activations, in their shape.
 */
export function addGramTerm(graph: GraphBuilder, layer: StatisticsLayer): Value {
  declareMap(graph, layer);
  return shapedAs(graph, layer, addSecondMomentsError(graph, layer, addGram(graph, layer)));
}

/**
 * Adds the squared errors of a layer's mean and covariance as outputs. That μ moves with F adds nothing to the gradient
 * of Σ's error, because F − μ sums to zero.
 * @returns the gradient of the weighted, relative errors with respect to the activations, in their shape.
 */
export function addMomentsTerm(graph: GraphBuilder, layer: StatisticsLayer): Value {
  declareMap(graph, layer);
  const { mean, covariance } = addMoments(graph, layer);
  const covarianceGradient = addSecondMomentsError(graph, layer, covariance);
  const error = graph.node('Sub', [mean, graph.input(names.styleMeanTarget(layer.layer), [layer.channels, 1])]);
  graph.output(names.styleMeanError(layer.layer), sumOfSquares(graph, error), []);
  const scaled = graph.node('Mul', [error, graph.input(names.styleMeanScale(layer.layer), [])]);
  const meanGradient = layer.isMapped ? graph.node('Mul', [scaled, names.styleMap(layer.layer)]) : scaled;
  return shapedAs(graph, layer, graph.node('Add', [covarianceGradient, meanGradient]));
}

/** Adds the sum of a value's squares, a scalar. */
export function sumOfSquares(graph: GraphBuilder, value: Value): Value {
  return graph.node('ReduceSumSquare', [value], { attributes: { keepdims: 0 } });
}

function declareMap(graph: GraphBuilder, { layer, isMapped }: StatisticsLayer): void {
  if (isMapped) graph.input(names.styleMap(layer), [1, `area of ${layer}`]);
}

/** Adds the activations F as a C × (h·w) matrix. */
function asMatrix(graph: GraphBuilder, { activations, channels }: StatisticsLayer): Value {
  return graph.node('Reshape', [activations, graph.integers(channels, -1)]);
}

function addSecondMoments(graph: GraphBuilder, { layer, isMapped }: StatisticsLayer, matrix: Value): SecondMoments {
  const weighted = isMapped ? graph.node('Mul', [matrix, names.styleMap(layer)]) : matrix;
  const transposed = graph.node('Transpose', [matrix], { attributes: { perm: [1, 0] } });
  const product = graph.node('MatMul', [weighted, transposed]);
  if (isMapped) return { product, weighted };
  return { product: graph.node('Mul', [product, graph.input(names.inverseArea(layer), [])]), weighted };
}

/** Adds Σ(product − target)² as an output, and returns the term's gradient with respect to the matrix, [C, h·w]. */
function addSecondMomentsError(
  graph: GraphBuilder,
  { layer, channels }: StatisticsLayer,
  { product, weighted }: SecondMoments,
): Value {
  const error = graph.node('Sub', [product, graph.input(names.styleTarget(layer), [channels, channels])]);
  const scaled = graph.node('Mul', [error, graph.input(names.styleScale(layer), [])]);
  const gradient = graph.node('MatMul', [scaled, weighted]);
  graph.output(names.styleError(layer), sumOfSquares(graph, error), []);
  return gradient;
}

function shapedAs(graph: GraphBuilder, { activations }: StatisticsLayer, gradient: Value): Value {
  return graph.node('Reshape', [gradient, graph.node('Shape', [activations])]);
}
