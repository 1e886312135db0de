import { describe, expect, it, vi } from 'vitest';
import {
  type Engine,
  type PerceptualObjective,
  type PieceTerms,
  type StyleTarget,
  termName,
  type WeightMap,
} from '../../src/engine/engine.js';
import { engineError } from '../../src/engine/engine-error.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import { cut, pixelsOf, reachOf } from '../../src/engine/pieces/cut.js';
import { PiecewiseEngine } from '../../src/engine/pieces/piecewise-engine.js';
import { type Plan, planEvaluation } from '../../src/engine/pieces/plan.js';
import { TensorFlowEngine } from '../../src/engine/tensorflow/tensorflow-engine.js';
import { convolutionsOf, topologies } from '../../src/engine/topology.js';
import type { Network } from '../../src/engine/weights/network.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { uniformNumbers } from '../../src/random-numbers.js';
import { cosine, relativeError } from '../numbers.js';
import { engineKinds } from './engines.js';
import { noisePicture, wavyMap, wavyPicture } from './random-pictures.js';
import { referenceLoss } from './reference-network.js';

/** Networks whose layers see different distances, with either pooling. */
const networks = [
  randomNetwork([[4, 5], [6], [7]], 5, { pooling: 'max' }),
  randomNetwork([[4], [5], [6], [7]], 6, { pooling: 'average' }),
];

/** Draws what is evaluated: the same seed draws the same. */
function draw(seed: number) {
  const uniform = uniformNumbers(seed);
  const whole = (from: number, to: number) => from + Math.floor((to - from + 1) * uniform());
  const some = <Value>(values: readonly Value[], least: number) => {
    const chosen = values.filter(() => uniform() < 0.4);
    return chosen.length >= least ? chosen : [...values.slice(-least)];
  };
  const network = networks[seed % networks.length] as Network;
  const layers = network.convolutions.flatMap(({ name }) => [`conv${name}`, `relu${name}`]);
  const [width, height] = [whole(80, 160), whole(80, 160)];
  return {
    network,
    size: { width, height },
    content: some(layers, 0).slice(0, 2),
    style: some(layers, 1).slice(0, 4),
    statistic: uniform() < 0.5 ? ('grams' as const) : ('moments' as const),
    map: uniform() < 0.5 ? wavyMap(width, height, seed) : undefined,
    // Every third drawing has styles of their own for the left and the right, so that most pieces have one of them.
    parts: seed % 3 === 0 ? { left: halfMap(width, height, 0), right: halfMap(width, height, 0.5) } : undefined,
    most: whole(20, 90) * width * height * 0.01,
  };
}

/** Makes a map of half a picture, from a share of its width on. */
function halfMap(width: number, height: number, from: number): WeightMap {
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    const share = (i % width) / width;
    return share >= from && share < from + 0.5 ? 1 : 0;
  });
  return { width, height, data };
}

describe('cutting a picture', () => {
  const vgg = convolutionsOf(topologies['vgg19-lite']);
  const reach = reachOf(
    vgg,
    vgg.findIndex(({ name }) => name === '5_1'),
  );

  it('knows how far relu5_1 of VGG19 sees', () => expect(reach).toBe(2 + 4 + 16 + 32 + 16));

  it.each([
    [1056, 1056, 600_000],
    [2080, 1568, 500_000],
    [1057, 333, 200_000],
  ])('leaves no pixel out and none twice, and gives each its halo: %d×%d', (width, height, most) => {
    const pieces = cut({ width, height }, { reach, stride: 16 }, (pixels) => pixels <= most);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.reduce((sum, { own }) => sum + pixelsOf(own), 0)).toBe(width * height);
    for (const { own, whole } of pieces) {
      expect(pixelsOf(whole)).toBeLessThanOrEqual(most);
      expect([own.left % 16, own.top % 16, whole.left % 16, whole.top % 16]).toEqual([0, 0, 0, 0]);
      expect(whole.left === 0 || own.left - whole.left >= reach).toBe(true);
      expect(whole.right === width || whole.right - own.right >= reach).toBe(true);
      expect(whole.bottom === height || whole.bottom - own.bottom >= reach).toBe(true);
    }
  });

  it('cuts nothing that fits, and goes no further than pieces of two halos', () => {
    expect(cut({ width: 2080, height: 2080 }, { reach, stride: 16 }, () => true)).toHaveLength(1);
    expect(cut({ width: 1056, height: 1056 }, { reach, stride: 16 }, () => false)).toHaveLength(36);
  });
});

describe('planning the evaluation of a picture that is to be cut', () => {
  const vgg = convolutionsOf(topologies['vgg19-lite']);
  const layers = ['relu1_1', 'relu3_2', 'relu5_1'];
  const size = { width: 1056, height: 1056 };

  it('has pieces joined where that is less work, and the blocks behind fit', () => {
    const plan = planEvaluation(vgg, layers, size, ({ pixels }) => pixels <= 400_000);
    const toTheEnd = planEvaluation(vgg, layers, size, ({ pixels, junction }) => pixels <= 400_000 && !junction);
    expect(plan.junction).toBeDefined();
    expect(toTheEnd.junction).toBeUndefined();
    const pixels = ({ pieces }: Plan) => pieces.reduce((sum, { whole }) => sum + pixelsOf(whole), 0);
    expect(pixels(plan)).toBeLessThan(pixels(toTheEnd));
  });

  it('joins nothing where nothing fits, and cuts nothing that does', () => {
    expect(planEvaluation(vgg, layers, size, () => false)).toMatchObject({ junction: undefined });
    expect(planEvaluation(vgg, layers, size, () => true).pieces).toHaveLength(1);
  });
});

describe.each(engineKinds)('$name, piece by piece,', ({ name, open }) => {
  // WebAssembly adds squares one after the other in single precision: its sums over a whole picture are worse than those of pieces.
  const tolerance = name.includes('WebAssembly') ? 5e-5 : 1e-5;

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('evaluates what it evaluates in one piece: drawing %d', async (seed) => {
    const { network, size, content, style, statistic, map, parts, most } = draw(seed);
    const engine = await open(network);
    if (!(engine instanceof OnnxEngine || engine instanceof TensorFlowEngine))
      throw new Error('Expected such an engine');
    let pieces = 0;
    const piecewise = new PiecewiseEngine(engine, network, {
      fits: ({ pixels, junction }) => pixels <= most && junction === undefined,
      onPiece: () => pieces++,
    });
    const joining = new PiecewiseEngine(engine, network, {
      fits: ({ pixels, picturePixels, junction }) => pixels < picturePixels && junction !== undefined,
      onPiece: () => pieces++,
    });
    const blocksAfter = vi.spyOn(engine, 'blocksAfter');
    const { width, height } = size;
    const objectiveBy = async (by: Engine): Promise<PerceptualObjective> => {
      const { activations } = await by.features(wavyPicture(width, height, seed), { activations: content });
      const targets = await by.features(wavyPicture(height + 20, width, seed + 1), { [statistic]: style });
      const mapped = map && { map };
      return {
        content: [...activations].map(([layer, target], index) => ({ layer, weight: 1 + index, target, ...mapped })),
        style: [...targets.grams, ...targets.moments].flatMap(([layer, target], index) => {
          const term = { layer, weight: 2 / (1 + index), target };
          return parts
            ? Object.entries(parts).map(([part, partMap]) => ({ ...term, part, map: partMap }))
            : [{ ...term, ...mapped }];
        }),
      };
    };

    const [expected, objective] = [await objectiveBy(engine), await objectiveBy(piecewise)];
    for (const [index, { layer, target }] of expected.content.entries()) {
      expect(differenceOf(objective.content[index]?.target.data, target.data), layer).toBeLessThan(tolerance);
    }
    for (const [index, { layer, target }] of expected.style.entries()) {
      expect(differenceOf(valuesOf(objective.style[index]?.target), valuesOf(target)), layer).toBeLessThan(tolerance);
    }

    const image = noisePicture(width, height, seed + 2);
    const inOne = await (await engine.prepare(expected)).evaluate(image);
    for (const by of [piecewise, joining]) {
      pieces = 0;
      const inPieces = await (await by.prepare(expected)).evaluate(image);
      expect(pieces).toBeGreaterThan(1);
      expect(relativeError(inPieces.loss, inOne.loss)).toBeLessThan(tolerance);
      for (const kind of ['content', 'style'] as const) {
        expect([...inPieces[kind].keys()]).toEqual([...inOne[kind].keys()]);
        for (const [layer, error] of inOne[kind]) {
          const value = inPieces[kind].get(layer) ?? Number.NaN;
          if (relativeError(value, error) < tolerance) continue;
          // In one piece, single precision adds up more: the term's definition, in double precision, decides.
          const ofLayer = expected[kind].filter((term) => termName(term) === layer);
          const terms = { content: [], style: [], [kind]: ofLayer };
          const [{ weight = Number.NaN } = {}] = ofLayer;
          expect(relativeError(value, referenceLoss(network, terms, image) / weight), layer).toBeLessThan(tolerance);
        }
      }
      expect(cosine(inPieces.gradient, inOne.gradient)).toBeGreaterThan(0.999999);
      expect(differenceOf(inPieces.gradient, inOne.gradient)).toBeLessThan(1e-3);
      const goesDeep = [...content, ...style].some((layer) => !/^(conv|relu)1_/.test(layer));
      expect(blocksAfter.mock.calls.length > 0).toBe(by === joining && goesDeep);
    }
    await joining.dispose();
  });
});

/** An engine whose memory ends at so many pixels, as that of a GPU that nobody knows. */
class ScarceEngine extends OnnxEngine {
  most = Number.POSITIVE_INFINITY;

  override async prepare(objective: PerceptualObjective) {
    const prepared = await super.prepare(objective);
    return { evaluate: (image: RgbImage) => prepared.evaluate(this.#within(image)) };
  }

  override pieceGradient(piece: RgbImage, terms: PieceTerms) {
    return super.pieceGradient(this.#within(piece), terms);
  }

  #within(image: RgbImage): RgbImage {
    if (image.width * image.height > this.most) throw engineError('out-of-memory', 'There is no memory for that.');
    return image;
  }
}

describe('an engine that runs out of memory where it should suffice', () => {
  const network = networks[0] as Network;
  const image = noisePicture(128, 96, 1);

  it.each([
    [128 * 96 - 1, true],
    [6000, true],
    [1000, false],
  ])('goes on with smaller pieces, as long as there are any: memory for %i pixels', async (most, isEnough) => {
    const scarce = new ScarceEngine(network);
    const engine = new PiecewiseEngine(scarce, network, { fits: () => true });
    const { activations } = await engine.features(wavyPicture(128, 96, 2), { activations: ['relu3_1'] });
    const content = [...activations].map(([layer, target]) => ({ layer, weight: 1, target }));
    const prepared = await engine.prepare({ content, style: [] });
    const { loss } = await prepared.evaluate(image);
    scarce.most = most;
    const again = prepared.evaluate(image);
    if (isEnough) expect(relativeError((await again).loss, loss)).toBeLessThan(1e-5);
    else await expect(again).rejects.toMatchObject({ key: 'engine/out-of-memory' });
    await engine.dispose();
  });
});

describe('memory that was kept for evaluations', () => {
  it('of pictures that nobody holds any more is freed before a picture is cut', async () => {
    const network = networks[0] as Network;
    const piecewise = new PiecewiseEngine(new OnnxEngine(network), network, { fits: ({ pixels }) => pixels <= 8000 });
    const { grams } = await piecewise.features(wavyPicture(64, 64, 1), { grams: ['relu3_1'] });
    const style = [...grams].map(([layer, target]) => ({ layer, weight: 1, target }));
    const { evaluate } = await piecewise.prepare({ content: [], style });
    const forgotten = forgottenPicture();
    // Whatever a weak reference was made to or asked for is kept until the current turn of the event loop ends.
    await evaluate(noisePicture(160, 96, 3));
    await evaluate(noisePicture(160, 96, 4));
    expect(forgotten.deref()).toBeUndefined();
    await piecewise.dispose();
  });

  it('is freed where a picture is cut because of memory, and kept where the same is evaluated again', async () => {
    const network = networks[0] as Network;
    const engine = new OnnxEngine(network);
    const released = vi.spyOn(engine, 'releaseMemory');
    const piecewise = new PiecewiseEngine(engine, network, { fits: ({ pixels }) => pixels <= 8000 });
    const { grams } = await piecewise.features(wavyPicture(64, 64, 1), { grams: ['relu3_1'] });
    const style = [...grams].map(([layer, target]) => ({ layer, weight: 1, target }));
    const { evaluate } = await piecewise.prepare({ content: [], style });
    const releases: number[] = [];
    for (const [width, height] of [
      [64, 64],
      [96, 64],
      [128, 96],
      [128, 96],
      [160, 96],
      [64, 64],
    ] as const) {
      await evaluate(noisePicture(width, height, 2));
      releases.push(released.mock.calls.length);
    }
    expect(releases).toEqual([0, 0, 1, 1, 2, 3]);
    for (const [width, height, count] of [
      [64, 64, 3],
      // It fits, but not beside what is kept for the smaller one.
      [96, 64, 4],
      [128, 96, 4],
    ] as const) {
      await piecewise.makeRoomFor({ width, height });
      expect(released).toHaveBeenCalledTimes(count);
    }
    await piecewise.dispose();
  });
});

function forgottenPicture(): WeakRef<RgbImage> {
  return new WeakRef(noisePicture(160, 96, 2));
}

function valuesOf(target: StyleTarget | undefined): Float32Array {
  if (!target) return new Float32Array();
  return 'covariance' in target ? Float32Array.of(...target.mean, ...target.covariance) : target.data;
}

/** Returns the length of the difference of two vectors, in lengths of the second. */
function differenceOf(values: Float32Array | undefined, expected: Float32Array): number {
  const length = (vector: Float32Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length(expected.map((value, i) => value - (values?.[i] ?? Number.NaN))) / length(expected);
}
