import type { Pooling } from '../topology.js';
import type { Network } from '../weights/network.js';
import { inputOffsets, kernelForRgb } from '../weights/rgb-input.js';
import type { Tensor, TensorFlow } from './tensorflow.js';

/** A convolution whose weights are TensorFlow tensors. */
interface UploadedConvolution {
  readonly name: string;
  readonly block: number;
  /** The kernel in HWIO layout. */
  readonly kernel: Tensor;
  /** The kernel, in HWIO layout, of the gradient's convolution: mirrored, with inputs and outputs exchanged. */
  readonly gradientKernel: Tensor;
  readonly bias: Tensor;
}

/** A network's forward pass in TensorFlow, which holds the weights until this is disposed of. */
export class ForwardPass {
  readonly #tf: TensorFlow;
  readonly #pooling: Pooling;
  /** What is added to a picture's colours; undefined where activations come in. */
  readonly #inputOffset: Tensor | undefined;
  readonly #convolutions: readonly UploadedConvolution[];

  private constructor(
    tf: TensorFlow,
    pooling: Pooling,
    convolutions: readonly UploadedConvolution[],
    inputOffset?: Tensor,
  ) {
    this.#tf = tf;
    this.#pooling = pooling;
    this.#convolutions = convolutions;
    this.#inputOffset = inputOffset;
  }

  /** Uploads a network. */
  static of(tf: TensorFlow, network: Network): ForwardPass {
    const convolutions = network.convolutions.map((convolution, index) => {
      const { name, block, inputChannels, outputChannels, bias } = convolution;
      const values = index === 0 ? kernelForRgb(network) : convolution.kernel;
      const kernel = tf.tidy(() =>
        tf.transpose(tf.tensor(values, [outputChannels, inputChannels, 3, 3]), [2, 3, 1, 0]),
      );
      const gradientKernel = tf.tidy(() => tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]));
      return { name, block, kernel, gradientKernel, bias: tf.tensor(bias, [outputChannels]) };
    });
    return new ForwardPass(tf, network.pooling, convolutions, tf.tensor1d([...inputOffsets(network)], 'float32'));
  }

  /** Returns the forward pass of the blocks behind a block, with the same weights in memory. */
  blocksAfter(block: number): ForwardPass {
    const behind = this.#convolutions.filter((convolution) => convolution.block > block);
    return new ForwardPass(this.#tf, this.#pooling, behind);
  }

  /**
   * Computes the activations of layers. To be called inside of `tidy`, which frees the tensors in between.
   * @param image - the picture in planar RGB in [0, 1], [3, height, width]; activations where it begins behind a block.
   * @returns the activations in the order of `layers`, each NHWC with N = 1.
   */
  activations(image: Tensor, layers: readonly string[]): Tensor[] {
    const tf = this.#tf;
    const [channels = 0, height = 0, width = 0] = image.shape;
    const found = new Map<string, Tensor>();
    let value = tf.reshape(tf.transpose(image, [1, 2, 0]), [1, height, width, channels]);
    if (this.#inputOffset) value = tf.add(value, this.#inputOffset);
    let block = 1;
    for (const convolution of this.#convolutions) {
      if (convolution.block !== block) value = this.#pool(value);
      block = convolution.block;
      const [before, after] = [`conv${convolution.name}`, `relu${convolution.name}`];
      if (layers.includes(before)) {
        const beforeRelu = this.#convolve(value, convolution);
        found.set(before, beforeRelu);
        value = this.#rectify(beforeRelu);
      } else {
        value = this.#convolveAndRectify(value, convolution);
      }
      found.set(after, value);
      if (layers.every((layer) => found.has(layer))) break;
    }
    return layers.map((layer) => found.get(layer) ?? value);
  }

  dispose(): void {
    this.#inputOffset?.dispose();
    for (const { kernel, gradientKernel, bias } of this.#convolutions) {
      for (const tensor of [kernel, gradientKernel, bias]) tensor.dispose();
    }
  }

  #pool(value: Tensor): Tensor {
    return this.#pooling === 'max' ? this.#tf.maxPool(value, 2, 2, 'valid') : this.#tf.avgPool(value, 2, 2, 'valid');
  }

  /*
   * These functions have their own gradients. TensorFlow.js's would keep the values before and after the bias and after
   * the ReLU, and make the ReLU's mask by six operators. The last value is enough: where a ReLU gave zero, its gradient
   * is zero.
   */

  #convolveAndRectify(value: Tensor, convolution: UploadedConvolution): Tensor {
    const tf = this.#tf;
    const run = tf.customGrad<[Tensor]>((input, save) => {
      const rectified = tf.relu(this.#convolution(input, convolution));
      save([rectified]);
      return {
        value: rectified,
        gradFunc: (gradient, [output]) =>
          tf.tidy(() => this.#convolutionGradient(this.#reluGradient(gradient, output), convolution)),
      };
    });
    return run(value);
  }

  #convolve(value: Tensor, convolution: UploadedConvolution): Tensor {
    const run = this.#tf.customGrad<[]>((input) => ({
      value: this.#convolution(input, convolution),
      gradFunc: (gradient) => this.#convolutionGradient(gradient, convolution),
    }));
    return run(value);
  }

  #rectify(value: Tensor): Tensor {
    const tf = this.#tf;
    const run = tf.customGrad<[Tensor]>((input, save) => {
      const rectified = tf.relu(input);
      save([rectified]);
      return {
        value: rectified,
        gradFunc: (gradient, [output]) => tf.tidy(() => this.#reluGradient(gradient, output)),
      };
    });
    return run(value);
  }

  #convolution(input: Tensor, { kernel, bias }: UploadedConvolution): Tensor {
    return this.#tf.add(this.#tf.conv2d(input, kernel, 1, 'same'), bias);
  }

  #convolutionGradient(gradient: Tensor, { gradientKernel }: UploadedConvolution): Tensor {
    return this.#tf.conv2d(gradient, gradientKernel, 1, 'same');
  }

  /** @param output - the ReLU's output, which its forward pass saved. */
  #reluGradient(gradient: Tensor, output: Tensor): Tensor {
    return this.#tf.mul(gradient, this.#tf.sign(output));
  }
}
