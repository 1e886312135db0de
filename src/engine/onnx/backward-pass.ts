import type { Pooling } from '../topology.js';
import { addConvolution, addTransposedConvolution, adjointOf } from './convolution.js';
import type { ForwardPass, ForwardStep } from './forward-pass.js';
import type { GraphBuilder, Value } from './graph-builder.js';
import type { GraphPlan } from './graph-plan.js';

/** The options of {@link addBackwardPass}. */
export interface BackwardPassOptions {
  readonly pooling: Pooling;
  /** For each layer that the loss looks at, the gradient of the loss with respect to the layer's activations. */
  readonly layerGradients: ReadonlyMap<string, Value>;
  readonly plan: GraphPlan;
}

/**
 * Adds the backward pass to a graph. It computes the gradient of the loss with respect to the image, by the chain rule
 * from the deepest layer up (ONNX Runtime has no automatic differentiation for inference).
 *
 * @returns the gradient ∂loss/∂RGB, for RGB in [0, 1], in NCHW layout with N = 1; with respect to activations where the
 *   network begins behind a block.
 * @throws TypeError where there is no layer gradient.
 */
export function addBackwardPass(graph: GraphBuilder, { steps }: ForwardPass, options: BackwardPassOptions): Value {
  const { pooling, layerGradients, plan } = options;
  let gradient: Value | undefined;
  /** Whether the gradient is already zero at every position where the next ReLU's output is zero. */
  let isMasked = false;
  for (const [index, step] of [...steps.entries()].toReversed()) {
    const { name } = step.convolution;
    const reluGradient = layerGradients.get(`relu${name}`);
    gradient = addGradients(graph, gradient, reluGradient);
    if (gradient && !(isMasked && reluGradient === undefined)) {
      const isPlain = reluGradient !== undefined || step.algorithm === 'winograd' || !plan.blocksChannels;
      gradient = graph.node('Mul', [
        gradient,
        isPlain ? reluMask(graph, step.afterRelu) : blockedReluMask(graph, step),
      ]);
    }
    isMasked = false;
    gradient = addGradients(graph, gradient, layerGradients.get(`conv${name}`));
    if (!gradient) continue;

    if (index === 0 && !step.pooling) return addTransposedConvolution(graph, gradient, step.convolution);
    // Average pooling gives each of its four pixels a quarter of the gradient. Scaling the kernel by it costs nothing.
    const quarter = step.pooling && pooling === 'average' ? 0.25 : 1;
    const adjoint = adjointOf(step.convolution, quarter);
    const algorithm = plan.algorithmFor(adjoint.inputChannels, adjoint.outputChannels);
    gradient = addConvolution(graph, gradient, adjoint, algorithm);
    if (step.pooling) {
      const isWhole = plan.divisor % step.downsampling === 0;
      if (pooling === 'max') {
        gradient = maxPoolGradient(graph, step.pooling, gradient, isWhole);
        isMasked = true;
      } else gradient = enlarge(graph, gradient);
      if (!isWhole) gradient = padEnd(graph, gradient, step.pooling.input, plan.leftOutBy(step.downsampling));
    }
  }
  if (gradient === undefined) throw new TypeError('Expected at least one layer gradient, got none');
  return gradient;
}

function addGradients(graph: GraphBuilder, a: Value | undefined, b: Value | undefined): Value | undefined {
  return a !== undefined && b !== undefined ? graph.node('Add', [a, b]) : (a ?? b);
}

/**
 * Adds a ReLU's mask in blocks of channels (NCHWc), in which ONNX Runtime keeps values around direct convolutions on
 * processors. Its plain HardSigmoid can't read them without a costly reordering. As the activation of a 1×1 convolution,
 * channel by channel, it can.
 */
function blockedReluMask(graph: GraphBuilder, { afterRelu, convolution }: ForwardStep): Value {
  return graph.node('HardSigmoid', [scaleChannels(graph, afterRelu, convolution.outputChannels, 1e15)], {
    attributes: { alpha: { float: 1e15 }, beta: { float: 0 } },
  });
}

/**
 * Adds a ReLU's mask, 1 where it let its input through, else 0: a steep ramp of the activation, clamped to [0, 1]. The
 * gradient is in the same plain order after an addition to one in plain order, and after Winograd's algorithm.
 */
function reluMask(graph: GraphBuilder, afterRelu: Value): Value {
  return graph.node('HardSigmoid', [afterRelu], { attributes: { alpha: { float: 1e30 }, beta: { float: 0 } } });
}

function scaleChannels(graph: GraphBuilder, value: Value, channels: number, factor: number): Value {
  const kernel = graph.constant(`${channels} times ${factor}`, [channels, 1, 1, 1], () =>
    new Float32Array(channels).fill(factor),
  );
  return graph.node('Conv', [value, kernel], { attributes: { kernel_shape: [1, 1], group: channels } });
}

/** Makes a value twice as high and wide by repeating each pixel four times. */
function enlarge(graph: GraphBuilder, value: Value): Value {
  const scales = graph.constant('enlarge', [4], () => [1, 1, 2, 2]);
  return graph.node('Resize', [value, '', scales], {
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  });
}

/**
 * Adds the gradient of max pooling, which goes to the largest of each four pixels. Where several are equal they share
 * it, which is a subgradient too (PyTorch takes the first), favours no corner, and needs no table of indices: in ONNX
 * Runtime a MaxPool that returns indices takes twenty times as long as one that doesn't.
 *
 * Where the largest is 0, the ReLU in front has let none of the four through. The gradient is masked there already, on
 * a quarter of the values, so that the result needs no ReLU mask.
 *
 * @param isWhole - whether pooling left out no row or column at the end. The result lacks those that it left out.
 */
function maxPoolGradient(
  graph: GraphBuilder,
  { input, output }: { input: Value; output: Value },
  gradient: Value,
  isWhole: boolean,
): Value {
  const largest = enlarge(graph, output);
  const pooled = isWhole ? input : cutTo(graph, input, largest);
  const isLargest = graph.node('Cast', [graph.node('Equal', [pooled, largest])], { attributes: { to: 1 } });
  const share = graph.node('AveragePool', [isLargest], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
  const quarter = graph.node('Mul', [gradient, graph.constant('quarter', [], () => [0.25])]);
  const each = graph.node('Mul', [graph.node('Div', [quarter, share]), reluMask(graph, output)]);
  return graph.node('Mul', [enlarge(graph, each), isLargest]);
}

/** Cuts a value at the right and the bottom to the height and width of another value. */
function cutTo(graph: GraphBuilder, value: Value, like: Value): Value {
  const size = graph.node('Shape', [like], { attributes: { start: 2 } });
  return graph.node('Slice', [value, graph.integers(0, 0), size, graph.integers(2, 3)]);
}

/**
 * Pads a value with zeros at the right and the bottom to the height and width of another value.
 * @param known - the rows and columns that it lacks, where they are known.
 */
function padEnd(graph: GraphBuilder, value: Value, like: Value, known: ReturnType<GraphPlan['leftOutBy']>): Value {
  if (known) return graph.node('Pad', [value, graph.integers(0, 0, 0, 0, 0, 0, known.rows, known.columns)]);
  const missing = graph.node('Sub', [graph.node('Shape', [like]), graph.node('Shape', [value])]);
  const pads = graph.node('Concat', [graph.integers(0, 0, 0, 0), missing], { attributes: { axis: 0 } });
  return graph.node('Pad', [value, pads]);
}
