import type { GraphBuilder, Value } from './graph-builder.js';
import type { LayerArithmetic } from './layer-arithmetic.js';
import { names } from './loss-names.js';
import { sumOfSquares } from './sums.js';

/** A layer whose Gram matrix or moments are computed. */
export interface StatisticsLayer {
  /** The name of the term that they are computed for, or the layer's. */
  readonly name: string;
  readonly channels: number;
  readonly arithmetic: LayerArithmetic;
  /** Whether positions have weights; else all count the same. */
  readonly isMapped: boolean;
  /** The number of rows in which the squares of a matrix are summed side by side; undefined: in one go. */
  readonly rows: number | undefined;
}

/** A matrix of second moments of X in a graph, with the factor that its gradient needs. */
interface SecondMoments {
  /** The second moments X·diag(w)·Xᵀ, [C, C], with weights w that sum to 1. */
  readonly product: Value;
  /** The factor X·diag(w), or just X where all positions weigh the same: their weight is then part of the scale. */
  readonly weighted: Value;
}

/** A term of a loss in a graph. */
interface StyleTerm {
  /** The squared errors, scalars: of the mean where moments are compared, then of the matrix. */
  readonly squaredErrors: readonly Value[];
  /** The gradient of the weighted, relative errors with respect to the activations, in their shape. */
  readonly gradient: Value;
}

/** Adds a layer's Gram matrix, G = F·diag(w)·Fᵀ, to a graph. */
export function addGram(graph: GraphBuilder, layer: StatisticsLayer): SecondMoments {
  return addSecondMoments(graph, layer, layer.arithmetic.activations);
}

/**
 * Adds a layer's mean μ = F·w, [C, 1], and covariance Σ = (F − μ)·diag(w)·(F − μ)ᵀ to a graph. The other way to compute
 * it, G − μ·μᵀ, would lose digits to cancellation in single precision.
 */
export function addMoments(graph: GraphBuilder, layer: StatisticsLayer): { mean: Value; covariance: SecondMoments } {
  const { arithmetic } = layer;
  const mean = arithmetic.mean();
  const centred = graph.node('Sub', [arithmetic.activations, arithmetic.spread(mean)]);
  return { mean, covariance: addSecondMoments(graph, layer, centred) };
}

/** Adds a term that compares a layer's Gram matrix. */
export function addGramTerm(graph: GraphBuilder, layer: StatisticsLayer): StyleTerm {
  const { squaredError, gradient } = addSecondMomentsError(graph, layer, addGram(graph, layer));
  return { squaredErrors: [squaredError], gradient: layer.arithmetic.asLayer(gradient) };
}

/**
 * Adds a term that compares a layer's mean and covariance. That μ moves with F adds nothing to the gradient of Σ's
 * error, because F − μ sums to zero.
 */
export function addMomentsTerm(graph: GraphBuilder, layer: StatisticsLayer): StyleTerm {
  const { arithmetic, channels } = layer;
  const { mean, covariance } = addMoments(graph, layer);
  const { squaredError, gradient } = addSecondMomentsError(graph, layer, covariance);
  const error = graph.node('Sub', [mean, graph.input(names.styleMeanTarget(layer.name), [channels, 1])]);
  const scaled = graph.node('Mul', [error, graph.input(names.styleMeanScale(layer.name), [])]);
  const meanGradient = arithmetic.weighted(arithmetic.spread(scaled));
  return {
    squaredErrors: [sumOfSquares(graph, error), squaredError],
    gradient: arithmetic.asLayer(graph.node('Add', [gradient, meanGradient])),
  };
}

/**
 * Adds a term whose gradient w·(A·f + b) with respect to the activations f of each position is known; A and b are inputs.
 * @param hasVector - whether there is a vector b.
 */
export function addKnownGradient(graph: GraphBuilder, layer: StatisticsLayer, hasVector: boolean): StyleTerm {
  const { arithmetic, channels } = layer;
  const matrix = graph.input(names.styleMatrix(layer.name), [channels, channels]);
  const product = arithmetic.multiply(matrix, arithmetic.weighted(arithmetic.activations));
  if (!hasVector) return { squaredErrors: [], gradient: arithmetic.asLayer(product) };
  const vector = graph.input(names.styleVector(layer.name), [channels, 1]);
  const weighted = arithmetic.weighted(arithmetic.spread(vector));
  return { squaredErrors: [], gradient: arithmetic.asLayer(graph.node('Add', [product, weighted])) };
}

function addSecondMoments(
  graph: GraphBuilder,
  { name, arithmetic, isMapped }: StatisticsLayer,
  value: Value,
): SecondMoments {
  const weighted = arithmetic.weighted(value);
  const product = arithmetic.product(weighted, value);
  if (isMapped) return { product, weighted };
  return { product: graph.node('Mul', [product, graph.input(names.inverseArea(name), [])]), weighted };
}

/** Adds Σ(product − target)², and the term's gradient with respect to the activations, in the arithmetic's form. */
function addSecondMomentsError(
  graph: GraphBuilder,
  { name, channels, arithmetic, rows }: StatisticsLayer,
  { product, weighted }: SecondMoments,
): { squaredError: Value; gradient: Value } {
  const error = graph.node('Sub', [product, graph.input(names.styleTarget(name), [channels, channels])]);
  const scaled = graph.node('Mul', [error, graph.input(names.styleScale(name), [])]);
  return { squaredError: sumOfSquares(graph, error, rows), gradient: arithmetic.multiply(scaled, weighted) };
}
