import type { GraphBuilder, Value } from './graph-builder.js';
import type { GraphConvolution } from './graph-convolution.js';
import { addWinogradConvolution } from './winograd.js';

/** The algorithms that compute a convolution; their results are the same but for rounding. */
export type ConvolutionAlgorithm = 'direct' | 'winograd';

/**
 * Returns the faster algorithm for that many channels. Winograd saves multiplications in proportion to the product of
 * the channels and pays for it with work in proportion to their sum; the numbers from which on it wins were measured.
 */
export function fasterAlgorithm(inputChannels: number, outputChannels: number): ConvolutionAlgorithm {
  const [fewer, more] = [Math.min(inputChannels, outputChannels), Math.max(inputChannels, outputChannels)];
  return fewer >= 64 && more >= 128 ? 'winograd' : 'direct';
}

/** Adds a convolution to a graph; its input and output are NCHW with N = 1. */
export function addConvolution(
  graph: GraphBuilder,
  input: Value,
  convolution: GraphConvolution,
  algorithm: ConvolutionAlgorithm,
): Value {
  if (algorithm === 'winograd') return addWinogradConvolution(graph, input, convolution);
  const { name, inputChannels, outputChannels, kernel, bias } = convolution;
  const inputs = [input, graph.constant(`${name} kernel`, [outputChannels, inputChannels, 3, 3], () => kernel)];
  if (bias) inputs.push(graph.constant(`${name} bias`, [outputChannels], () => bias));
  return graph.node('Conv', inputs, { attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } });
}

/**
 * Adds the gradient at a convolution's input, computed from the one at its output. {@link adjointOf} gives a
 * convolution that does the same, in twice the time for few input channels, such as a picture's: it fills up whole
 * blocks of channels.
 */
export function addTransposedConvolution(graph: GraphBuilder, gradient: Value, convolution: GraphConvolution): Value {
  const { name, inputChannels, outputChannels, kernel } = convolution;
  const weights = graph.constant(`${name} kernel`, [outputChannels, inputChannels, 3, 3], () => kernel);
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  return graph.node('ConvTranspose', [gradient, weights], { attributes });
}

/**
 * Returns the convolution that turns the gradient at a convolution's output into that at its input: input and output
 * channels are exchanged and the kernel is turned by half a turn.
 * @param scale - a factor by which the gradient is multiplied.
 */
export function adjointOf(
  { name, inputChannels, outputChannels, kernel, wholeTiles = false }: GraphConvolution,
  scale = 1,
): GraphConvolution {
  const adjoint = new Float32Array(kernel.length);
  for (let input = 0; input < inputChannels; input++) {
    for (let output = 0; output < outputChannels; output++) {
      const from = (output * inputChannels + input) * 9;
      const to = (input * outputChannels + output) * 9;
      for (let tap = 0; tap < 9; tap++) adjoint[to + tap] = scale * (kernel[from + 8 - tap] as number);
    }
  }
  return {
    name: `${name} adjoint`,
    inputChannels: outputChannels,
    outputChannels: inputChannels,
    kernel: adjoint,
    wholeTiles,
  };
}
