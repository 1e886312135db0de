import { type Network, requireLayer } from '../weights/network.js';
import { addBackwardPass } from './backward-pass.js';
import { addForwardPass } from './forward-pass.js';
import { GraphBuilder, type Value } from './graph-builder.js';

/** Which layers a loss looks at. What it compares them with, and with which weight, comes with each run. */
export interface LossLayers {
  readonly content: readonly string[];
  readonly style: readonly string[];
}

/** The names of a loss graph's inputs and outputs, by layer. */
export const names = {
  image: 'image',
  gradient: 'gradient',
  /** Fc, [1, C, h, w]. */
  contentTarget: (layer: string) => `content target ${layer}`,
  /** ∂loss/∂F = scale · (F − Fc); a scalar. */
  contentScale: (layer: string) => `content scale ${layer}`,
  /** Σ(F − Fc)², a scalar. */
  contentError: (layer: string) => `content error ${layer}`,
  /** Gs, [C, C]. */
  styleTarget: (layer: string) => `style target ${layer}`,
  /** ∂loss/∂F = scale · (G − Gs) · F; a scalar. */
  styleScale: (layer: string) => `style scale ${layer}`,
  /** Σ(G − Gs)², a scalar. */
  styleError: (layer: string) => `style error ${layer}`,
  /** 1 / (h · w) of the layer, a scalar. */
  inverseArea: (layer: string) => `inverse area ${layer}`,
  activations: (layer: string) => `activations ${layer}`,
  gram: (layer: string) => `gram ${layer}`,
};

/**
 * The graph of a loss and its gradient: forward pass, squared errors of the layers, backward pass to the RGB pixels.
 * @param divisor - what height and width will be multiples of: 1 for pictures of any size. A multiple of the deepest
 *   layer's downsampling saves the backward pass of each pooling a copy, a further factor of 4 some convolutions.
 */
export function lossGraph(network: Network, { content, style }: LossLayers, divisor: number): Uint8Array {
  const graph = new GraphBuilder();
  const image = graph.input(names.image, [1, 3, 'height', 'width']);
  const { forward, activationsOf, channelsOf } = forwardTo(graph, network, image, [...content, ...style], divisor);
  const layerGradients = new Map<string, Value>();
  const addGradient = (layer: string, gradient: Value) => {
    const other = layerGradients.get(layer);
    layerGradients.set(layer, other === undefined ? gradient : graph.node('Add', [other, gradient]));
  };

  for (const layer of content) {
    const shape = [1, channelsOf(layer), `height of ${layer}`, `width of ${layer}`];
    const error = graph.node('Sub', [activationsOf(layer), graph.input(names.contentTarget(layer), shape)]);
    addGradient(layer, graph.node('Mul', [error, graph.input(names.contentScale(layer), [])]));
    graph.output(names.contentError(layer), sumOfSquares(graph, error), []);
  }
  for (const layer of style) {
    const channels = channelsOf(layer);
    const { gram, matrix } = addGram(graph, layer, activationsOf(layer), channels);
    const error = graph.node('Sub', [gram, graph.input(names.styleTarget(layer), [channels, channels])]);
    const scaled = graph.node('Mul', [error, graph.input(names.styleScale(layer), [])]);
    const gradient = graph.node('MatMul', [scaled, matrix]);
    addGradient(layer, graph.node('Reshape', [gradient, graph.node('Shape', [activationsOf(layer)])]));
    graph.output(names.styleError(layer), sumOfSquares(graph, error), []);
  }

  const gradient = addBackwardPass(graph, forward, { pooling: network.pooling, layerGradients, divisor });
  graph.output(names.gradient, gradient, [1, 3, 'height', 'width']);
  return graph.serialize(`${network.name} loss`);
}

/** The graph of activations and Gram matrices, for pictures of any height and width. */
export function featureGraph(
  network: Network,
  layers: { activations: readonly string[]; grams: readonly string[] },
): Uint8Array {
  const graph = new GraphBuilder();
  const image = graph.input(names.image, [1, 3, 'height', 'width']);
  const { activationsOf, channelsOf } = forwardTo(graph, network, image, [...layers.activations, ...layers.grams], 1);
  for (const layer of layers.activations) {
    const shape = [1, channelsOf(layer), `height of ${layer}`, `width of ${layer}`];
    graph.output(names.activations(layer), activationsOf(layer), shape);
  }
  for (const layer of layers.grams) {
    const channels = channelsOf(layer);
    graph.output(names.gram(layer), addGram(graph, layer, activationsOf(layer), channels).gram, [channels, channels]);
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

/** G = F·Fᵀ / (h·w) of a layer, and F as a C × (h·w) matrix. */
function addGram(graph: GraphBuilder, layer: string, activations: Value, channels: number) {
  const matrix = graph.node('Reshape', [activations, graph.integers(channels, -1)]);
  const transposed = graph.node('Transpose', [matrix], { attributes: { perm: [1, 0] } });
  const product = graph.node('MatMul', [matrix, transposed]);
  return { gram: graph.node('Mul', [product, graph.input(names.inverseArea(layer), [])]), matrix };
}

function sumOfSquares(graph: GraphBuilder, value: Value): Value {
  return graph.node('ReduceSumSquare', [value], { attributes: { keepdims: 0 } });
}
