import type { RgbImage } from '../../imaging/rgb-image.js';
import { type Activations, type PieceTerms, type PositionWeights, termName } from '../engine.js';
import type { measure } from '../relative-error.js';
import { areaOf, sizeOf } from '../request-checks.js';
import type { Network } from '../weights/network.js';
import type { LossDescription } from './loss-graph.js';
import { names } from './loss-names.js';
import { Tensor } from './onnx-runtime.js';
import type { Feeds } from './sessions.js';

type MeasuredTerms = ReturnType<typeof measure>;

/** Returns the part of an objective that decides which graph it needs. */
export function descriptionOf({ content, style }: MeasuredTerms): LossDescription {
  return {
    content: content.map(({ layer, positions }) => ({ layer, isMapped: positions !== undefined })),
    style: style.map(({ layer, name, positions, target }) => ({
      layer,
      name,
      isMapped: positions !== undefined,
      comparison: 'covariance' in target ? 'moments' : 'gram',
    })),
  };
}

/** Returns the inputs that stay the same in all evaluations of an objective: targets and maps. */
export function constantFeeds(network: Network, { content, style }: MeasuredTerms): Feeds {
  const feeds: Record<string, Tensor> = {};
  for (const { layer, target, positions } of content) {
    const { height, width } = target;
    feeds[names.contentTarget(layer)] = activationsTensor(target);
    if (positions) feeds[names.contentMap(layer)] = new Tensor('float32', positions, [1, 1, height, width]);
  }
  for (const { layer, name, target, positions, map } of style) {
    const { channels } = target;
    const isMoments = 'covariance' in target;
    const matrix = isMoments ? target.covariance : target.data;
    feeds[names.styleTarget(name)] = new Tensor('float32', matrix, [channels, channels]);
    if (isMoments) feeds[names.styleMeanTarget(name)] = new Tensor('float32', target.mean, [channels, 1]);
    if (positions && map) feeds[names.styleMap(name)] = positionsTensor(network, layer, positions, map);
  }
  return feeds;
}

/** Returns the inputs that depend on the evaluated picture's size: the factors of the terms' gradients. */
export function scaleFeeds(network: Network, { content, style }: MeasuredTerms, image: RgbImage): Feeds {
  const feeds: Record<string, Tensor> = {};
  for (const { layer, weight, energies } of content) {
    const [energy = Number.NaN] = energies;
    feeds[names.contentScale(layer)] = scalar((2 * weight) / energy);
  }
  for (const { layer, name, weight, energies, positions, target } of style) {
    // Where there is a map, the graph multiplies by the weights of the positions instead of dividing by the area.
    const area = positions ? 1 : areaOf(network, layer, image);
    if (!positions) feeds[names.inverseArea(name)] = scalar(1 / area);
    const energy = energies.at(-1) ?? Number.NaN;
    feeds[names.styleScale(name)] = scalar((4 * weight) / (energy * area));
    if (!('covariance' in target)) continue;
    const [meanEnergy = Number.NaN] = energies;
    feeds[names.styleMeanScale(name)] = scalar((2 * weight) / (meanEnergy * area));
  }
  return feeds;
}

/** Returns the description of the graph that a piece's terms need. */
export function pieceDescription({ content, style, behind }: PieceTerms): LossDescription {
  return {
    content: content.map(({ layer }) => ({ layer, isMapped: true })),
    style: style.map(({ layer, part, vector }) => ({
      layer,
      name: termName({ layer, part }),
      isMapped: true,
      comparison: vector ? 'linear' : 'multiplied',
    })),
    behind: behind?.layer,
  };
}

/** Returns the inputs of a piece's terms. */
export function pieceFeeds(network: Network, { content, style, behind }: PieceTerms, piece: RgbImage): Feeds {
  const feeds: Record<string, Tensor> = {};
  for (const { layer, target, positions, scale } of content) {
    const { height, width } = target;
    feeds[names.contentTarget(layer)] = activationsTensor(target);
    feeds[names.contentMap(layer)] = new Tensor('float32', positions, [1, 1, height, width]);
    feeds[names.contentScale(layer)] = scalar(scale);
  }
  for (const { layer, part, matrix, vector, positions } of style) {
    const name = termName({ layer, part });
    const channels = Math.sqrt(matrix.length);
    feeds[names.styleMatrix(name)] = new Tensor('float32', matrix, [channels, channels]);
    if (vector) feeds[names.styleVector(name)] = new Tensor('float32', vector, [channels, 1]);
    feeds[names.styleMap(name)] = positionsTensor(network, layer, positions, piece);
  }
  if (behind) feeds[names.gradientBehind(behind.layer)] = activationsTensor(behind.gradient);
  return feeds;
}

function activationsTensor({ channels, height, width, data }: Activations): Tensor {
  return new Tensor('float32', data, [1, channels, height, width]);
}

/** Makes a tensor of the weights of a layer's positions. */
export function positionsTensor(
  network: Network,
  layer: string,
  positions: PositionWeights,
  picture: Pick<RgbImage, 'width' | 'height'>,
): Tensor {
  const { height, width } = sizeOf(network, layer, picture);
  return new Tensor('float32', positions, [1, 1, height, width]);
}

/** Makes a float32 tensor of one number and no dimensions. */
export function scalar(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), []);
}
