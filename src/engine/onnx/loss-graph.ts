import { type Network, pictureChannels, requireLayer } from '../weights/network.js';
import { addBackwardPass } from './backward-pass.js';
import { addForwardPass } from './forward-pass.js';
import { type BuiltGraph, GraphBuilder, type Size, type Value } from './graph-builder.js';
import type { GraphPlan } from './graph-plan.js';
import { names } from './loss-names.js';
import { addGram, addGramTerm, addKnownGradient, addMoments, addMomentsTerm } from './style-statistics.js';
import { sumOfProducts, sumOfSquares } from './sums.js';

/** A layer that a loss looks at, with whether its positions have weights. */
interface LossLayer {
  readonly layer: string;
  readonly isMapped: boolean;
}

/**
 * The layers that a loss looks at, and how it compares them. Targets, maps and weights are inputs of each run, so that
 * two losses with equal descriptions have the same graph.
 */
export interface LossDescription {
  readonly content: readonly LossLayer[];
  /** A layer may be there several times, under different names. */
  readonly style: readonly (LossLayer & { readonly name: string; readonly comparison: StyleComparison })[];
  /** The layer at which the gradient of what lies behind it is known; undefined where there is none. */
  readonly behind?: string | undefined;
}

/**
 * How a layer's style is compared: by a statistic, or not at all, because the gradient w·(A·f + b) at each position is
 * known; `linear` has b, `multiplied` is without.
 */
type StyleComparison = 'gram' | 'moments' | 'linear' | 'multiplied';

/** The layers whose activations, Gram matrices and moments a graph computes. */
export interface FeatureLayers {
  readonly activations: readonly string[];
  readonly grams: readonly string[];
  readonly moments: readonly string[];
  /** Whether the positions of all layers with statistics have weights. */
  readonly isMapped: boolean;
}

const styleTerms = {
  gram: addGramTerm,
  moments: addMomentsTerm,
  linear: (graph, layer) => addKnownGradient(graph, layer, true),
  multiplied: (graph, layer) => addKnownGradient(graph, layer, false),
} satisfies Record<StyleComparison, typeof addGramTerm>;

/**
 * Builds the graph of a loss and its gradient: forward pass, squared errors of the layers, backward pass to the pixels.
 * @returns a graph whose inputs and outputs are called as in {@link names}.
 */
export function lossGraph(network: Network, { content, style, behind }: LossDescription, plan: GraphPlan): BuiltGraph {
  const graph = new GraphBuilder();
  const layers = [...[...content, ...style].map(({ layer }) => layer), ...(behind === undefined ? [] : [behind])];
  const { forward, layerValue, measuredLayer } = forwardTo(graph, network, layers, plan);
  const layerGradients = new Map<string, Value>();
  const addGradient = (layer: string, gradient: Value) => {
    const other = layerGradients.get(layer);
    layerGradients.set(layer, other === undefined ? gradient : graph.node('Add', [other, gradient]));
  };
  const squaredErrors: Value[] = [];

  for (const { layer, isMapped } of content) {
    const { channels, activations, parts, size } = layerValue(layer);
    const error = graph.node('Sub', [activations, graph.input(names.contentTarget(layer), [1, channels, ...size])]);
    const weighted = isMapped
      ? graph.node('Mul', [error, graph.input(names.contentMap(layer), [1, 1, ...size])])
      : error;
    addGradient(layer, graph.node('Mul', [weighted, graph.input(names.contentScale(layer), [])]));
    const rows = parts && parts * channels;
    squaredErrors.push(isMapped ? sumOfProducts(graph, weighted, error, rows) : sumOfSquares(graph, error, rows));
  }
  for (const { layer, name, isMapped, comparison } of style) {
    const term = styleTerms[comparison](graph, measuredLayer(layer, isMapped, name));
    addGradient(layer, term.gradient);
    squaredErrors.push(...term.squaredErrors);
  }
  if (behind !== undefined) {
    const { channels, size } = layerValue(behind);
    addGradient(behind, graph.input(names.gradientBehind(behind), [1, channels, ...size]));
  }

  // What is read from a GPU is waited for, so the errors are read at once. The place of this output decides in which order
  // ONNX Runtime computes: behind the backward pass, moments would take 4 % longer on processors.
  if (squaredErrors.length > 0) {
    const vectors = squaredErrors.map((error) => graph.node('Reshape', [error, graph.integers(1)]));
    const errors = graph.node('Concat', vectors, { attributes: { axis: 0 } });
    graph.output(names.squaredErrors, errors, [squaredErrors.length]);
  }

  const gradient = addBackwardPass(graph, forward, { pooling: network.pooling, layerGradients, plan });
  graph.output(names.gradient, gradient, [1, pictureChannels(network), plan.height, plan.width]);
  return graph.build(`${network.name} loss`);
}

/** Builds the graph of activations, Gram matrices and moments of pictures. */
export function featureGraph(
  network: Network,
  { activations, grams, moments, isMapped }: FeatureLayers,
  plan: GraphPlan,
): BuiltGraph {
  const graph = new GraphBuilder();
  const { layerValue, measuredLayer } = forwardTo(graph, network, [...activations, ...grams, ...moments], plan);
  for (const layer of activations) {
    const { channels, activations: value, size } = layerValue(layer);
    graph.output(names.activations(layer), value, [1, channels, ...size]);
  }
  for (const layer of grams) {
    const measured = measuredLayer(layer, isMapped);
    graph.output(names.gram(layer), addGram(graph, measured).product, [measured.channels, measured.channels]);
  }
  for (const layer of moments) {
    const measured = measuredLayer(layer, isMapped);
    const { mean, covariance } = addMoments(graph, measured);
    graph.output(names.mean(layer), mean, [measured.channels, 1]);
    graph.output(names.covariance(layer), covariance.product, [measured.channels, measured.channels]);
  }
  return graph.build(`${network.name} features`);
}

/** Adds the forward pass as far as the deepest of some layers, and returns what belongs to each layer. */
function forwardTo(graph: GraphBuilder, network: Network, layers: readonly string[], plan: GraphPlan) {
  const image = graph.input(names.image, [1, pictureChannels(network), plan.height, plan.width]);
  const last = Math.max(...layers.map((layer) => requireLayer(network, layer).index));
  const forward = addForwardPass(graph, network, image, { last, plan });
  const layerValue = (layer: string) => {
    const { outputChannels: channels, downsampling } = requireLayer(network, layer).convolution;
    const size: readonly Size[] = [`height of ${layer}`, `width of ${layer}`];
    const parts = plan.partsOf(downsampling);
    return { channels, activations: forward.layers.get(layer) ?? '', downsampling, parts, size };
  };
  const measuredLayer = (layer: string, isMapped: boolean, name = layer) => {
    const { channels, activations, downsampling, parts, size } = layerValue(layer);
    const map = isMapped ? graph.input(names.styleMap(name), [1, 1, ...size]) : undefined;
    const arithmetic = plan.arithmeticOf(graph, { channels, activations, map }, downsampling);
    return { name, channels, arithmetic, isMapped, rows: parts && channels };
  };
  return { forward, layerValue, measuredLayer };
}
