import { describe, expect, it } from 'vitest';
import type { PreparedObjective, StyleTarget } from '../../src/engine/engine.js';
import type { Pooling } from '../../src/engine/topology.js';
import { layersOf, type Network } from '../../src/engine/weights/network.js';
import type { PreprocessingName } from '../../src/engine/weights/preprocessing.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { uniformNumbers } from '../../src/random-numbers.js';
import { relativeError } from '../numbers.js';
import { engineKinds } from './engines.js';
import { noisePicture, wavyMap, wavyPicture } from './random-pictures.js';
import {
  type Planes,
  type ReferenceObjective,
  referenceActivations,
  referenceGram,
  referenceLoss,
  referenceMoments,
} from './reference-network.js';

interface Case {
  readonly blocks: readonly (readonly number[])[];
  readonly pooling: Pooling;
  readonly preprocessing: PreprocessingName;
  readonly width: number;
  readonly height: number;
  readonly content: readonly string[];
  readonly style: readonly string[];
  /** Statistic by which style is compared. Default `gram`. */
  readonly statistic?: 'gram' | 'moments';
  /** Terms that have a weight map. Default: none. */
  readonly mapped?: 'content' | 'style' | 'both';
  /** The parts of the picture for each of which all style layers have a term, with a map and a target of its own. */
  readonly parts?: readonly string[];
}

/** Returns a random case; pooling, preprocessing and number of blocks alternate with the seed. */
function randomCase(seed: number): Case {
  const uniform = uniformNumbers(1000 + seed);
  const below = (limit: number) => Math.floor(limit * uniform());
  const blocks = Array.from({ length: 1 + (seed % 3) }, () => Array.from({ length: 1 + below(2) }, () => 3 + below(6)));
  const layers = layersOf(randomNetwork(blocks, 0));
  const some = () => layers.filter(() => uniform() < 0.3);
  const shared = layers[below(layers.length)] ?? 'relu1_1';
  return {
    blocks,
    pooling: seed % 2 === 0 ? 'max' : 'average',
    preprocessing: seed % 4 < 2 ? 'caffe-bgr' : 'torchvision-rgb',
    // For every third seed the sides are multiples of 4, which takes other paths through the graph.
    width: seed % 3 === 0 ? 16 : 11 + below(14),
    height: seed % 3 === 0 ? 12 : 11 + below(14),
    content: [...new Set([shared, ...some()])],
    style: [...new Set([shared, ...some()])],
  };
}

const wide = { preprocessing: 'caffe-bgr', content: ['conv2_1'], style: ['relu1_2', 'relu2_1'] } as const;

const cases: readonly Case[] = [
  ...Array.from({ length: 8 }, (_, seed) => randomCase(seed)),
  // Many channels use Winograd's algorithm, forwards and backwards. At this size its tiles reach beyond the picture.
  { ...wide, blocks: [[128, 128], [128]], pooling: 'max', width: 18, height: 13 },
  { ...wide, blocks: [[64, 128], [64]], pooling: 'average', width: 18, height: 13 },
  // At this size Winograd's tiles are known to fit at the first block.
  { ...wide, blocks: [[128, 128], [8], [4]], pooling: 'max', width: 16, height: 12, content: ['relu3_1', 'conv1_2'] },
  // Cases for moments and for weight maps, alone and together, at sizes that pooling divides and at others.
  { ...randomCase(1), statistic: 'moments' },
  { ...randomCase(6), statistic: 'moments' },
  { ...randomCase(2), mapped: 'content' },
  { ...randomCase(5), mapped: 'style' },
  { ...randomCase(3), mapped: 'style', statistic: 'moments' },
  { ...randomCase(4), mapped: 'both', statistic: 'moments' },
  { ...randomCase(3), mapped: 'both', parts: ['one', 'two', 'three'] },
  { ...randomCase(5), mapped: 'style', statistic: 'moments', parts: ['one', 'two'] },
];

/** Returns a case's network and objective, whose targets are the reference network's: the same for all engines. */
function objectiveOf(example: Case): { readonly network: Network; readonly objective: ReferenceObjective } {
  const { blocks, pooling, preprocessing, width, height, content, style, statistic = 'gram', mapped } = example;
  const { parts = [undefined] } = example;
  const mapFor = (kindOfTerm: 'content' | 'style', seed: number) =>
    mapped === kindOfTerm || mapped === 'both' ? { map: wavyMap(width, height, seed) } : {};
  const network = randomNetwork(blocks, 7, { pooling, preprocessing });
  const planesOf = (picture: RgbImage, layers: readonly string[]) => {
    const all = referenceActivations(network, picture);
    return layers.map((layer) => [layer, all.get(layer) ?? expect.fail(`no ${layer}`)] as const);
  };
  const targetOf = (planes: Planes): StyleTarget => {
    const { channels } = planes;
    if (statistic === 'gram') return { channels, data: Float32Array.from(referenceGram(planes)) };
    const { mean, covariance } = referenceMoments(planes);
    return { channels, mean: Float32Array.from(mean), covariance: Float32Array.from(covariance) };
  };
  const targets = parts.map((part, index) =>
    planesOf(wavyPicture(width + 5, height + 2, 2 + index), style).map(([layer, planes]) => {
      return { layer, target: targetOf(planes), ...(part && { part }), ...mapFor('style', 6 + index) };
    }),
  );
  const objective: ReferenceObjective = {
    content: planesOf(wavyPicture(width, height, 1), content).map(([layer, planes], index) => {
      const target = { ...planes, data: Float32Array.from(planes.data) };
      return { layer, weight: 0.7 + index, target, ...mapFor('content', 5) };
    }),
    style: targets.flat().map((term, index) => ({ ...term, weight: 0.4 + index })),
  };
  return { network, objective };
}

/** What the reference network says of a case; it is asked once for all engines, since it takes longer than they do. */
class Reference {
  readonly network: Network;
  readonly objective: ReferenceObjective;
  readonly image: RgbImage;
  readonly loss: number;
  /** The slopes of the loss along single values of the picture, by their positions: its first, its last and a middle one. */
  readonly slopes: ReadonlyMap<number, number>;

  constructor(example: Case) {
    const { network, objective } = objectiveOf(example);
    const image = noisePicture(example.width, example.height, 3);
    const last = image.data.length - 1;
    const slopeAt = (position: number) =>
      referenceSlope(
        network,
        objective,
        image,
        image.data.map((_, i) => (i === position ? 1 : 0)),
      );
    this.network = network;
    this.objective = objective;
    this.image = image;
    this.loss = referenceLoss(network, objective, image);
    this.slopes = new Map([0, last, Math.floor(last / 2)].map((position) => [position, slopeAt(position)]));
  }
}

const references = new Map<Case, Reference>();

function referenceOf(example: Case): Reference {
  const reference = references.get(example) ?? new Reference(example);
  references.set(example, reference);
  return reference;
}

/** Returns the picture, moved by `step` along a direction, in double precision. */
function moved({ width, height, data }: RgbImage, step: number, direction: Float32Array) {
  const values = Float64Array.from(data, (value, i) => value + step * (direction[i] ?? 0));
  return { width, height, data: values };
}

/** Returns the slope of the engine's loss along a direction, by central differences of about 0.2 % of the loss. */
async function slopeOf(prepared: PreparedObjective, image: RgbImage, direction: Float32Array, expected: number) {
  const { loss } = await prepared.evaluate(image);
  const step = (0.002 * loss) / Math.abs(expected);
  const lossAt = async (distance: number) => {
    const { width, height, data } = moved(image, distance, direction);
    return (await prepared.evaluate({ width, height, data: Float32Array.from(data) })).loss;
  };
  return ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
}

/** Returns the slope of the reference loss along a direction, in double precision: exact for every direction. */
function referenceSlope(
  network: Network,
  objective: ReferenceObjective,
  image: RgbImage,
  direction: Float32Array,
): number {
  const lossAt = (distance: number) => referenceLoss(network, objective, moved(image, distance, direction));
  return (lossAt(1e-6) - lossAt(-1e-6)) / 2e-6;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);
}

/** Returns directions along which the loss changes enough to be measured in single precision, with their names. */
function directionsFor(gradient: Float32Array, { width, height }: RgbImage): [name: string, Float32Array][] {
  const keep = (which: (x: number, y: number, channel: number) => boolean) =>
    gradient.map((value, i) => {
      const area = width * height;
      return which(i % width, Math.floor((i % area) / width), Math.floor(i / area)) ? value : 0;
    });
  const window = wavyPicture(width, height, 4).data;
  return [
    ['the gradient', gradient],
    ['the gradient of red', keep((_x, _y, channel) => channel === 0)],
    ['the gradient of blue', keep((_x, _y, channel) => channel === 2)],
    ['the gradient at the left and upper border', keep((x, y) => x < 2 || y < 2)],
    ['the gradient at the right and lower border', keep((x, y) => x >= width - 2 || y >= height - 2)],
    ['the gradient seen through a smooth window', window.map((value, i) => value * (gradient[i] ?? 0))],
  ];
}

describe.each(engineKinds)('$name:', (kind) => {
  describe.each(cases)(
    'the gradient of $blocks, $pooling pooling, $width×$height, content $content, style $style, $statistic, map $mapped, parts $parts',
    (example) => {
      it('is the slope of the loss', async () => {
        const { network, objective, image, ...reference } = referenceOf(example);
        const engine = await kind.open(network);
        const prepared = await engine.prepare(objective);
        const { loss, gradient } = await prepared.evaluate(image);
        expect(relativeError(loss, reference.loss), 'loss').toBeLessThan(1e-5);

        for (const [name, direction] of directionsFor(gradient, image)) {
          const expected = dot(gradient, direction);
          const slope = await slopeOf(prepared, image, direction, expected);
          expect(relativeError(slope, expected), name).toBeLessThan(1e-2);
        }

        const typical = Math.sqrt(dot(gradient, gradient) / gradient.length);
        for (const [position, slope] of reference.slopes) {
          expect(Math.abs((gradient[position] ?? Number.NaN) - slope), `value ${position}`).toBeLessThan(
            1e-4 * typical,
          );
        }
        await engine.dispose();
      });
    },
  );

  describe("max pooling of a picture of flat colours, where all of a pixel's neighbours are the largest", () => {
    const flat = (width: number, height: number, edge: number): RgbImage => {
      const colors = [0.2, 0.6, 0.4, 0.9, 0.3, 0.1];
      const value = (channel: number, x: number) => colors[2 * channel + (x < edge ? 0 : 1)] ?? 0;
      const area = width * height;
      return {
        width,
        height,
        data: Float32Array.from({ length: 3 * area }, (_, i) => value(Math.floor(i / area), i % width)),
      };
    };

    it.each([
      { width: 16, height: 16 },
      { width: 17, height: 23 },
    ])('has the right slope towards other flat colours, at $width×$height', async ({ width, height }) => {
      const layers = { content: ['relu3_1'], style: ['conv2_1', 'relu3_1'] };
      const { network, objective } = objectiveOf({
        blocks: [[4, 5], [6], [5]],
        pooling: 'max',
        preprocessing: 'caffe-bgr',
        width,
        height,
        ...layers,
      });
      const engine = await kind.open(network);
      const prepared = await engine.prepare(objective);
      for (const image of [flat(width, height, width), flat(width, height, 7)]) {
        const { gradient } = await prepared.evaluate(image);
        expect(gradient.every(Number.isFinite)).toBe(true);
        for (const channel of [0, 1, 2]) {
          const area = width * height;
          const shift = gradient.map((_, i) => (Math.floor(i / area) === channel ? 1 : 0));
          const expected = dot(gradient, shift);
          const slope = referenceSlope(network, objective, image, shift);
          expect(relativeError(expected, slope), `channel ${channel}`).toBeLessThan(1e-4);
        }
      }
      await engine.dispose();
    });
  });
});
