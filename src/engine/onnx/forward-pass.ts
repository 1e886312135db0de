import type { Network } from '../weights/network.js';
import { inputOffsets, kernelForRgb } from '../weights/rgb-input.js';
import { addConvolution, type ConvolutionAlgorithm } from './convolution.js';
import type { GraphBuilder, Value } from './graph-builder.js';
import type { GraphConvolution } from './graph-convolution.js';
import type { GraphPlan } from './graph-plan.js';

/** One convolution of a forward pass, with the pooling before it and the ReLU after it, for the backward pass. */
export interface ForwardStep {
  readonly convolution: GraphConvolution;
  readonly algorithm: ConvolutionAlgorithm;
  readonly downsampling: number;
  /** Input and output of the pooling in front of the convolution; undefined where there is none. */
  readonly pooling: { readonly input: Value; readonly output: Value } | undefined;
  /** The convolution's output, layer convX_Y. */
  readonly beforeRelu: Value;
  /** The ReLU's output, layer reluX_Y. */
  readonly afterRelu: Value;
}

/** A network's forward pass in a graph, up to the deepest layer that is needed. */
export interface ForwardPass {
  readonly steps: readonly ForwardStep[];
  /** The values of the layers, by the layers' names. */
  readonly layers: ReadonlyMap<string, Value>;
}

/**
 * Adds a network's forward pass to a graph.
 *
 * @param image - the picture, NCHW with N = 1, RGB in [0, 1]; activations where the network begins behind a block.
 * @param options.last - index, in the network's convolutions, of the last one that is needed.
 */
export function addForwardPass(
  graph: GraphBuilder,
  network: Network,
  image: Value,
  { last, plan }: { readonly last: number; readonly plan: GraphPlan },
): ForwardPass {
  const steps: ForwardStep[] = [];
  const layers = new Map<string, Value>();
  const seesColors = network.inputChannels.length > 0;
  let value = seesColors
    ? graph.node('Add', [image, graph.constant('input offset', [1, 3, 1, 1], () => inputOffsets(network))])
    : image;
  let block = 1;
  for (const [index, weights] of network.convolutions.slice(0, last + 1).entries()) {
    const { name, inputChannels, outputChannels, bias, downsampling } = weights;
    let pooling: ForwardStep['pooling'];
    if (weights.block !== block) {
      block = weights.block;
      const operator = network.pooling === 'max' ? 'MaxPool' : 'AveragePool';
      const output = graph.node(operator, [value], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
      pooling = { input: value, output };
      value = output;
    }
    const kernel = index === 0 && seesColors ? kernelForRgb(network) : weights.kernel;
    const wholeTiles = plan.divisor % (4 * downsampling) === 0;
    const convolution = { name, inputChannels, outputChannels, kernel, bias, wholeTiles };
    const algorithm = plan.algorithmFor(inputChannels, outputChannels);
    const beforeRelu = addConvolution(graph, value, convolution, algorithm);
    const afterRelu = graph.node('Relu', [beforeRelu]);
    steps.push({ convolution, algorithm, downsampling, pooling, beforeRelu, afterRelu });
    layers.set(`conv${name}`, beforeRelu).set(`relu${name}`, afterRelu);
    value = afterRelu;
  }
  return { steps, layers };
}
