import type { CodedError } from '../coded-error.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { type Activations, type PerceptualObjective, type StyleTarget, termName } from './engine.js';
import { engineError } from './engine-error.js';
import { type Network, pictureChannels, requireLayer } from './weights/network.js';

/*
 * The checks that every engine makes of its arguments, so that all engines refuse the same with the same words.
 */

/** The terms of an objective, or of a piece: here only their layers matter. */
interface Terms {
  readonly content: readonly { readonly layer: string }[];
  readonly style: readonly { readonly layer: string }[];
  readonly behind?: { readonly layer: string } | undefined;
}

/** Returns the layers of an objective's terms, content first. */
export function layersIn({ content, style, behind }: Terms): readonly string[] {
  return [...content, ...style, ...(behind ? [behind] : [])].map(({ layer }) => layer);
}

/**
 * Checks a picture that is to go through a network as far as these layers.
 * @throws `engine/unknown-layer` for a layer that the network lacks; `engine/wrong-size` where the picture is too small
 *   for a layer or has another number of values than its size says, `engine/not-finite` where it holds NaN or infinity.
 */
export function checkPicture(network: Network, { width, height, data }: RgbImage, layers: readonly string[]): void {
  const expected = pictureChannels(network) * width * height;
  if (data.length !== expected || !(width >= 1 && height >= 1)) {
    throw engineError(
      'wrong-size',
      `A picture of ${width}×${height} has ${expected} values, but ${data.length} came.`,
      { width, height, values: data.length },
    );
  }
  const stride = strideOf(network, layers);
  if (Math.min(width, height) < stride) {
    const message =
      `A picture of ${width}×${height} is too small for ${layers.join(', ')}: ` +
      `both sides must be at least ${stride} pixels. Take a larger size or earlier layers.`;
    throw engineError('wrong-size', message, { width, height, smallest: stride });
  }
  if (!allFinite(data)) {
    const bad = data.findIndex((value) => !Number.isFinite(value));
    throw engineError('not-finite', `The picture's value ${bad} is ${data[bad]}, not a finite number.`, {
      position: bad,
    });
  }
}

/**
 * Checks that an objective has terms and that its targets have the network's shapes.
 * @throws `engine/unknown-layer`; `engine/failed` where there is no term, or two have one name; `engine/wrong-size` for a
 *   wrong target.
 */
export function checkObjective(network: Network, { content, style }: PerceptualObjective): void {
  if (content.length + style.length === 0) {
    throw engineError('failed', 'An objective needs at least one content or style layer.');
  }
  for (const { layer, target } of [...content, ...style]) checkTarget(network, layer, target);
  const names = style.map(termName);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated === undefined) return;
  throw engineError('failed', `Two style terms are for ${repeated}. Name the parts of the picture that they are for.`);
}

function checkTarget(network: Network, layer: string, target: Activations | StyleTarget): void {
  const { outputChannels } = requireLayer(network, layer).convolution;
  const area = 'height' in target ? target.height * target.width : target.channels;
  const isMoments = 'covariance' in target;
  const values = isMoments ? target.covariance.length : target.data.length;
  const hasMean = !isMoments || target.mean.length === outputChannels;
  if (target.channels === outputChannels && values === outputChannels * area && hasMean) return;
  const message =
    `The target of ${layer} has ${target.channels} channels and ${values} values, ` +
    `but that layer has ${outputChannels} channels. Compute targets with the same network.`;
  throw engineError('wrong-size', message, { layer, channels: target.channels, expected: outputChannels });
}

/**
 * Checks that content targets and maps are made for pictures of this one's size.
 * @throws `engine/wrong-size` where one is not.
 */
export function checkSizes(
  network: Network,
  { content, style }: PerceptualObjective,
  { width, height }: RgbImage,
): void {
  for (const { layer, map } of [...content, ...style]) {
    if (map === undefined || (map.width === width && map.height === height)) continue;
    throw engineError(
      'wrong-size',
      `The weight map of ${layer} is ${map.width}×${map.height}, but the picture is ${width}×${height}. ` +
        'Make maps of the size of the pictures that are to be evaluated.',
      { layer, width, height, mapWidth: map.width, mapHeight: map.height },
    );
  }
  for (const { layer, target } of content) {
    const downsampling = downsamplingOf(network, layer);
    const expected = [Math.floor(width / downsampling), Math.floor(height / downsampling)];
    if (target.width === expected[0] && target.height === expected[1]) continue;
    throw engineError(
      'wrong-size',
      `The content target of ${layer} is ${target.width}×${target.height}, but a picture of ${width}×${height} has ` +
        `${expected.join('×')} there. Compute the target from a content picture of the same size.`,
      { layer, width, height, targetWidth: target.width, targetHeight: target.height },
    );
  }
}

/** Returns how many pixels of the picture one position of a layer covers along a side. */
export function downsamplingOf(network: Network, layer: string): number {
  return requireLayer(network, layer).convolution.downsampling;
}

/** Returns the downsampling of the deepest of some layers. */
export function strideOf(network: Network, layers: readonly string[]): number {
  return Math.max(...layers.map((layer) => downsamplingOf(network, layer)));
}

/** Returns width and height that a layer has for a picture of that size. */
export function sizeOf(network: Network, layer: string, { width, height }: Pick<RgbImage, 'width' | 'height'>) {
  const downsampling = downsamplingOf(network, layer);
  return { width: Math.floor(width / downsampling), height: Math.floor(height / downsampling) };
}

/** Returns the number of positions that a layer has for a picture. */
export function areaOf(network: Network, layer: string, picture: RgbImage): number {
  const { width, height } = sizeOf(network, layer, picture);
  return width * height;
}

/** Returns the error that every call of an engine throws after the engine was disposed of. */
export function disposedError(): CodedError {
  return engineError('disposed', 'This engine has been disposed of; make a new one.');
}

function allFinite(data: Float32Array): boolean {
  // NaN · 0 and ∞ · 0 are NaN. Every picture is checked here, and this is many times faster than asking value by value.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i] as number) * 0;
  return sum === 0;
}
