import type { ContentTerm, StyleTerm, WeightMap } from '../../src/engine/engine.js';
import type { Pooling } from '../../src/engine/topology.js';
import type { ConvolutionWeights, Network } from '../../src/engine/weights/network.js';

/** Values of channels by rows by columns (CHW), in double precision. */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** A picture in planar RGB and double precision, so that differences of a millionth are not lost in rounding. */
export interface PrecisePicture {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/** The terms of a loss: layers with their weights, targets and maps. */
export interface ReferenceObjective {
  readonly content: readonly ContentTerm[];
  readonly style: readonly StyleTerm[];
}

/** Computes all activations of a network by their definitions, one pixel after the other; returns them by layer. */
export function referenceActivations(network: Network, picture: PrecisePicture): ReadonlyMap<string, Planes> {
  const layers = new Map<string, Planes>();
  let planes = preprocess(network, picture);
  let block = 1;
  for (const convolution of network.convolutions) {
    if (convolution.block !== block) planes = pool(planes, network.pooling);
    block = convolution.block;
    planes = convolve(planes, convolution);
    layers.set(`conv${convolution.name}`, planes);
    planes = { ...planes, data: planes.data.map((value) => Math.max(value, 0)) };
    layers.set(`relu${convolution.name}`, planes);
  }
  return layers;
}

/** Computes a Gram matrix, F·diag(w)·Fᵀ, with weights of positions that sum to 1; by default all are equal. */
export function referenceGram(
  { channels, height, width, data }: Planes,
  weights: ArrayLike<number> = new Float64Array(height * width).fill(1 / (height * width)),
): Float64Array {
  const area = height * width;
  const gram = new Float64Array(channels * channels);
  for (let a = 0; a < channels; a++) {
    for (let b = 0; b < channels; b++) {
      let sum = 0;
      for (let i = 0; i < area; i++) {
        sum += (weights[i] ?? Number.NaN) * (data[a * area + i] ?? 0) * (data[b * area + i] ?? 0);
      }
      gram[a * channels + b] = sum;
    }
  }
  return gram;
}

/** Computes moments, μ = F·w and Σ = F·diag(w)·Fᵀ − μ·μᵀ, with weights that sum to 1; by default all are equal. */
export function referenceMoments(planes: Planes, weights?: ArrayLike<number>) {
  const { channels, height, width, data } = planes;
  const area = height * width;
  const mean = new Float64Array(channels);
  for (const [i, value] of data.entries()) {
    const channel = Math.floor(i / area);
    mean[channel] = (mean[channel] ?? 0) + value * (weights?.[i % area] ?? 1 / area);
  }
  const product = (i: number) => (mean[Math.floor(i / channels)] ?? 0) * (mean[i % channels] ?? 0);
  return { mean, covariance: referenceGram(planes, weights).map((value, i) => value - product(i)) };
}

/** Computes the weights of a layer's positions: a map's means over their pixels, scaled so that they sum to 1. */
function referenceWeights(map: WeightMap | undefined, { height, width }: Planes): Float64Array | undefined {
  if (map === undefined) return undefined;
  // Pooling halves all sizes here, rounding down: a position has a side of 1, 2, 4 … pixels.
  const side = 2 ** Math.floor(Math.log2(map.width / width));
  const sums = Float64Array.from({ length: height * width }, (_, position) => {
    const [top, left] = [side * Math.floor(position / width), side * (position % width)];
    let sum = 0;
    for (let i = 0; i < side * side; i++) {
      sum += map.data[(top + Math.floor(i / side)) * map.width + left + (i % side)] ?? Number.NaN;
    }
    return sum;
  });
  const total = sums.reduce((sum, value) => sum + value, 0);
  return sums.map((value) => value / total);
}

/** Computes Σ weight · mean((F − Fc)²)/mean(Fc²) + Σ weight · Σ(G − Gs)²/ΣGs², or with moments in place of G. */
export function referenceLoss(
  network: Network,
  { content, style }: ReferenceObjective,
  picture: PrecisePicture,
): number {
  const layers = referenceActivations(network, picture);
  const planesOf = (layer: string): Planes => {
    const planes = layers.get(layer);
    if (!planes) throw new Error(`The reference network has no ${layer}`);
    return planes;
  };
  let loss = 0;
  for (const { layer, weight, target, map } of content) {
    const planes = planesOf(layer);
    loss += weight * relativeSquare(planes.data, target.data, referenceWeights(map, planes));
  }
  for (const { layer, weight, target, map } of style) {
    const planes = planesOf(layer);
    const weights = referenceWeights(map, planes);
    if ('covariance' in target) {
      const { mean, covariance } = referenceMoments(planes, weights);
      loss += weight * (relativeSquare(mean, target.mean) + relativeSquare(covariance, target.covariance));
    } else {
      loss += weight * relativeSquare(referenceGram(planes, weights), target.data);
    }
  }
  return loss;
}

/**
 * Computes Σ w·(actual − target)² / Σ w·target².
 * @param weights - weights of positions, repeated for each plane; by default 1.
 */
function relativeSquare(
  actual: Float64Array,
  target: Float32Array,
  weights: Float64Array = Float64Array.of(1),
): number {
  let [errors, energy] = [0, 0];
  for (const [i, value] of target.entries()) {
    const weight = weights[i % weights.length] ?? Number.NaN;
    errors += weight * ((actual[i] ?? Number.NaN) - value) ** 2;
    energy += weight * value ** 2;
  }
  return errors / energy;
}

function preprocess({ inputChannels }: Network, { width, height, data }: PrecisePicture): Planes {
  const area = width * height;
  const planes = new Float64Array(inputChannels.length * area);
  for (const [channel, { color, scale, offset }] of inputChannels.entries()) {
    for (let i = 0; i < area; i++) planes[channel * area + i] = scale * (data[color * area + i] ?? 0) + offset;
  }
  return { channels: inputChannels.length, height, width, data: planes };
}

/** Pools 2×2 positions with stride 2; an odd row or column at the end is left out. */
function pool({ channels, height, width, data }: Planes, pooling: Pooling): Planes {
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  const pooled = new Float64Array(channels * rows * columns);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const corner = (channel * height + 2 * y) * width + 2 * x;
        const four = [0, 1, width, width + 1].map((step) => data[corner + step] ?? 0);
        const value = pooling === 'max' ? Math.max(...four) : four.reduce((sum, one) => sum + one, 0) / 4;
        pooled[(channel * rows + y) * columns + x] = value;
      }
    }
  }
  return { channels, height: rows, width: columns, data: pooled };
}

/** Convolves with a kernel of 3×3 and stride 1; values beyond the border are zero. */
function convolve(
  { height, width, data }: Planes,
  { inputChannels, outputChannels, kernel, bias }: ConvolutionWeights,
): Planes {
  const result = new Float64Array(outputChannels * height * width);
  for (let output = 0; output < outputChannels; output++) {
    const plane = result.subarray(output * height * width, (output + 1) * height * width).fill(bias[output] ?? 0);
    for (let input = 0; input < inputChannels; input++) {
      for (let tap = 0; tap < 9; tap++) {
        const weight = kernel[(output * inputChannels + input) * 9 + tap] ?? 0;
        const [down, across] = [Math.floor(tap / 3) - 1, (tap % 3) - 1];
        for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
          const row = (input * height + y + down) * width + across;
          for (let x = Math.max(0, -across); x < Math.min(width, width - across); x++) {
            plane[y * width + x] = (plane[y * width + x] as number) + weight * (data[row + x] as number);
          }
        }
      }
    }
  }
  return { channels: outputChannels, height, width, data: result };
}
