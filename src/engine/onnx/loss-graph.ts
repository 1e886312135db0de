import { type Network, requireLayer } from '../weights/network.js';
import { addBackwardPass } from './backward-pass.js';
import { addForwardPass } from './forward-pass.js';
import { GraphBuilder, type Value } from './graph-builder.js';
import { names } from './loss-names.js';
import { addGram, addGramTerm, addMoments, addMomentsTerm, sumOfSquares } from './style-statistics.js';

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
  readonly style: readonly (LossLayer & { readonly statistic: 'gram' | 'moments' })[];
}

/** The layers whose activations, Gram matrices and moments a graph computes. */
export interface FeatureLayers {
  readonly activations: readonly string[];
  readonly grams: readonly string[];
  readonly moments: readonly string[];
}

/**
 * Builds the graph of a loss and its gradient: forward pass, squared errors of the layers, backward pass to the pixels.
 * @param divisor - a number that divides height and width of all pictures; 1 allows any size. A multiple of the deepest
 *   layer's downsampling saves each pooling's backward pass a copy, a further factor of 4 some convolutions.
 * @returns the bytes of an .onnx file whose inputs and outputs are called as in {@link names}.
 */
export function lossGraph(network: Network, { content, style }: LossDescription, divisor: number): Uint8Array {
  const graph = new GraphBuilder();
  const image = graph.input(names.image, [1, 3, 'height', 'width']);
  const layers = [...content, ...style].map(({ layer }) => layer);
  const { forward, activationsOf, channelsOf } = forwardTo(graph, network, image, layers, divisor);
  const layerGradients = new Map<string, Value>();
  const addGradient = (layer: string, gradient: Value) => {
    const other = layerGradients.get(layer);
    layerGradients.set(layer, other === undefined ? gradient : graph.node('Add', [other, gradient]));
  };

  for (const { layer, isMapped } of content) {
    const size = [`height of ${layer}`, `width of ${layer}`];
    const target = graph.input(names.contentTarget(layer), [1, channelsOf(layer), ...size]);
    const error = graph.node('Sub', [activationsOf(layer), target]);
    const weighted = isMapped
      ? graph.node('Mul', [error, graph.input(names.contentMap(layer), [1, 1, ...size])])
      : error;
    addGradient(layer, graph.node('Mul', [weighted, graph.input(names.contentScale(layer), [])]));
    const squaredError = isMapped ? sumOfProducts(graph, weighted, error) : sumOfSquares(graph, error);
    graph.output(names.contentError(layer), squaredError, []);
  }
  for (const { layer, isMapped, statistic } of style) {
    const measured = { layer, channels: channelsOf(layer), activations: activationsOf(layer), isMapped };
    addGradient(layer, statistic === 'gram' ? addGramTerm(graph, measured) : addMomentsTerm(graph, measured));
  }

  const gradient = addBackwardPass(graph, forward, { pooling: network.pooling, layerGradients, divisor });
  graph.output(names.gradient, gradient, [1, 3, 'height', 'width']);
  return graph.serialize(`${network.name} loss`);
}

/** Builds the graph of activations, Gram matrices and moments of pictures of any size: the bytes of an .onnx file. */
export function featureGraph(network: Network, { activations, grams, moments }: FeatureLayers): Uint8Array {
  const graph = new GraphBuilder();
  const image = graph.input(names.image, [1, 3, 'height', 'width']);
  const layers = [...activations, ...grams, ...moments];
  const { activationsOf, channelsOf } = forwardTo(graph, network, image, layers, 1);
  const measured = (layer: string) => ({
    layer,
    channels: channelsOf(layer),
    activations: activationsOf(layer),
    isMapped: false,
  });
  for (const layer of activations) {
    const shape = [1, channelsOf(layer), `height of ${layer}`, `width of ${layer}`];
    graph.output(names.activations(layer), activationsOf(layer), shape);
  }
  for (const layer of grams) {
    graph.output(names.gram(layer), addGram(graph, measured(layer)).product, [channelsOf(layer), channelsOf(layer)]);
  }
  for (const layer of moments) {
    const channels = channelsOf(layer);
    const { mean, covariance } = addMoments(graph, measured(layer));
    graph.output(names.mean(layer), mean, [channels, 1]);
    graph.output(names.covariance(layer), covariance.product, [channels, channels]);
  }
  return graph.serialize(`${network.name} features`);
}

function forwardTo(graph: GraphBuilder, network: Network, image: Value, layers: readonly string[], divisor: number) {
  const last = Math.max(...layers.map((layer) => requireLayer(network, layer).index));
  const forward = addForwardPass(graph, network, image, { last, divisor });
  return {
    forward,
    activationsOf: (layer: string): Value => forward.layers.get(layer) ?? '',
    channelsOf: (layer: string) => requireLayer(network, layer).convolution.outputChannels,
  };
}

function sumOfProducts(graph: GraphBuilder, a: Value, b: Value): Value {
  return graph.node('ReduceSum', [graph.node('Mul', [a, b])], { attributes: { keepdims: 0 } });
}
