import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import type { Mask } from '../../src/transfer/area/mask.js';
import { type TransferTargets, transferObjective } from '../../src/transfer/objective.js';
import { blendedTargets } from '../../src/transfer/style-statistics.js';
import { defaultLayers } from '../../src/transfer/transfer-layers.js';
import { noisePicture, wavyMap, wavyPicture } from '../engine/random-pictures.js';
import { relativeError } from '../numbers.js';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
});
afterAll(() => engine.dispose());

const size = { width: 64, height: 48 };
const area: Mask = wavyMap(size.width, size.height, 5);
area.data.forEach((value, i) => {
  area.data[i] = Math.min(value, 1);
});

/** Two zones that fade into one another inside of the area, each with a style of its own. */
const zones = [noisePicture(40, 50, 2), wavyPicture(50, 40, 4)].map((picture, index) => {
  const data = area.data.map((value, i) => {
    const share = Math.min(Math.max(((i % size.width) - 20) / 20, 0), 1);
    return value * (index === 0 ? share : 1 - share);
  });
  return { mask: { ...size, data }, styles: [{ picture, weight: 1 }] };
});

function targets(more: Partial<TransferTargets>): TransferTargets {
  return {
    content: wavyPicture(size.width, size.height, 1),
    styles: [{ picture: noisePicture(40, 50, 2), weight: 1 }],
    layers: defaultLayers(engine.network),
    weights: { content: 1, style: 10, pixels: 0.3, tv: 0.02 },
    ...more,
  };
}

describe('the objective of a transfer', () => {
  it.each([
    { what: 'plain', more: {} },
    { what: 'by moments', more: { statistic: 'moments' } },
    { what: 'with protection', more: { protect: 0.8 } },
    { what: 'in an area', more: { area } },
    {
      what: 'after another frame, where some pixels are held',
      more: {
        temporal: { picture: wavyPicture(size.width, size.height, 6), map: area, weight: 3 },
        held: { picture: wavyPicture(size.width, size.height, 7), mask: area },
      },
    },
    { what: 'in zones', more: { area, zones } },
    { what: 'in zones, by moments', more: { area, zones, statistic: 'moments' } },
    { what: 'in an area, by moments, with protection', more: { area, statistic: 'moments', protect: 0.5 } },
  ] as const)('has the slope that its gradient says, $what', async ({ more }) => {
    const objective = await transferObjective(engine, size, targets(more));
    // Some values of the point lie outside of [0, 1], so that the box penalty counts.
    const point = noisePicture(size.width, size.height, 3).data.map((value) => 1.3 * value - 0.1);
    const { loss, gradient, terms } = await objective(point);
    expect(terms.total).toBe(loss);
    const squared = gradient.reduce((sum, value) => sum + value * value, 0);
    const step = (0.002 * loss) / squared;
    const at = async (distance: number) =>
      (await objective(point.map((value, i) => value + distance * (gradient[i] ?? 0)))).loss;
    expect(relativeError(((await at(step)) - (await at(-step))) / (2 * step), squared)).toBeLessThan(1e-2);
  });

  it('holds what has structure to the content more than what is flat, the more it is protected', async () => {
    const { width, height } = size;
    const data = noisePicture(width, height, 7).data.map((value, i) => (i % width < 32 ? 0.5 : value));
    const changeOf = async (protect: number) => {
      const objective = await transferObjective(engine, size, targets({ content: { width, height, data }, protect }));
      const inside = async (from: number) => {
        const changed = data.map((value, i) => value + (i % width >= from && i % width < from + 20 ? 0.1 : 0));
        return (await objective(changed)).terms.content;
      };
      return (await inside(40)) / (await inside(4));
    };
    const [none, some, all] = [await changeOf(0), await changeOf(0.5), await changeOf(1)];
    expect(some).toBeGreaterThan(1.5 * none);
    expect(all).toBeGreaterThan(1.5 * some);
  });

  it('counts the difference from the frame before as far as its map says', async () => {
    const picture = wavyPicture(size.width, size.height, 6);
    const pixels = size.width * size.height;
    const map = { ...size, data: Float32Array.from({ length: pixels }, (_, i) => (i < pixels / 2 ? 1 : 0)) };
    const termAt = async (isChanged: (pixel: number) => boolean) => {
      const objective = await transferObjective(engine, size, targets({ temporal: { picture, map, weight: 1 } }));
      const point = picture.data.map((value, i) => (isChanged(i % pixels) ? 1.1 * value : value));
      return (await objective(point)).terms.temporal;
    };
    expect(await termAt(() => false)).toBe(0);
    expect(await termAt((pixel) => pixel >= pixels / 2)).toBe(0);
    const squares = picture.data.map((value, i) => (i % pixels < pixels / 2 ? value * value : 0));
    const share = squares.reduce((sum, value) => sum + value, 0) / picture.data.reduce((sum, v) => sum + v * v, 0);
    expect(relativeError(await termAt(() => true), 0.01 * share)).toBeLessThan(1e-3);
  });

  it('weighs the style of each zone beside its content as if it were painted alone, however busy the others are', async () => {
    const picture = wavyPicture(size.width, size.height, 1);
    const content = {
      ...picture,
      data: picture.data.map((value, i) => (i % size.width < 28 ? value : 0.1 + value / 20)),
    };
    const layers = { ...defaultLayers(engine.network), content: { relu3_1: 1 } };
    const termsOf = async (more: Partial<TransferTargets>) => {
      const objective = await transferObjective(engine, size, targets({ content, layers, ...more }));
      return (await objective(noisePicture(size.width, size.height, 3).data)).terms;
    };
    const held = { picture: content, mask: area };
    const together = await termsOf({ area, zones, held });
    const ofZones = zones.map((zone) => termsOf({ area: zone.mask, zones: [zone], held }));
    const [busy, flat] = (await Promise.all(ofZones)).toSorted((one, other) => one.content - other.content);
    if (!busy || !flat) throw new Error('Expected two zones');
    expect(flat.content).toBeGreaterThan(2 * busy.content);
    // The share that the busy one has of the content's loss, which is the mean of theirs.
    const share = (flat.content - together.content) / (flat.content - busy.content);
    for (const term of ['style', 'pixels'] as const) {
      expect(relativeError(together[term], share * busy[term] + (1 - share) * flat[term])).toBeLessThan(1e-4);
      expect(relativeError(busy[term], flat[term])).toBeGreaterThan(0.05);
    }
  });

  it('weighs zones by their area where no content counts', async () => {
    const layers = { ...defaultLayers(engine.network), content: {} };
    const termsOf = async (more: Partial<TransferTargets>) => {
      const objective = await transferObjective(engine, size, targets({ layers, area, ...more }));
      return (await objective(noisePicture(size.width, size.height, 3).data)).terms;
    };
    const together = await termsOf({ zones });
    const alone = await Promise.all(zones.map((zone) => termsOf({ zones: [zone] })));
    const areas = zones.map(({ mask }) => mask.data.reduce((sum, value) => sum + value, 0));
    for (const term of ['style', 'pixels'] as const) {
      const sum = areas.reduce((total, one, zone) => total + one * (alone[zone]?.[term] ?? Number.NaN), 0);
      expect(relativeError(together[term], sum / areas.reduce((total, one) => total + one, 0))).toBeLessThan(1e-5);
    }
  });

  it('is blind to what lies outside of an area', async () => {
    const objective = await transferObjective(engine, size, targets({ area }));
    const point = noisePicture(size.width, size.height, 3).data;
    const { loss, gradient } = await objective(point);
    const outside = (i: number) => area.data[i % area.data.length] === 0;
    const changed = await objective(point.map((value, i) => (outside(i) ? 1 - value : value)));
    expect(changed.loss).toBe(loss);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    expect(gradient.every((value, i) => !outside(i) || value === 0)).toBe(true);
  });
});

describe.each(['gram', 'moments'] as const)('several styles, compared by %s,', (statistic) => {
  const pictures = [noisePicture(40, 50, 2), wavyPicture(50, 40, 4)] as const;
  const blend = async (first: number, second: number) => {
    const styles = [
      { picture: pictures[0], weight: first },
      { picture: pictures[1], weight: second },
    ];
    const targetsByLayer = await blendedTargets(
      engine,
      styles.filter(({ weight }) => weight > 0),
      ['relu2_1'],
      statistic,
    );
    const target = targetsByLayer.get('relu2_1') ?? expect.fail('no target');
    return 'covariance' in target ? [...target.mean, ...target.covariance] : [...target.data];
  };

  it('are blended on their statistics', async () => {
    const [one, two, mixed] = [await blend(1, 0), await blend(0, 1), await blend(0.25, 0.75)];
    for (const [i, value] of mixed.entries()) {
      expect(value).toBeCloseTo(0.25 * (one[i] ?? Number.NaN) + 0.75 * (two[i] ?? Number.NaN), 4);
    }
    expect(one).not.toEqual(two);
  });
});
