import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/engine.js';
import { openEngine } from '../../../src/engine/open-engine.js';
import { fromBytes, toBytes } from '../../../src/imaging/rgb-bytes.js';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { normalNumbers } from '../../../src/random-numbers.js';
import type { FrameOptions } from '../../../src/transfer/moving/frame-options.js';
import { asKept, type KeptFrames } from '../../../src/transfer/moving/frames.js';
import { type FrameProgress, paintFrames } from '../../../src/transfer/moving/paint-frames.js';
import { singleStyle } from '../../../src/transfer/pictures.js';
import { noisePicture } from '../../engine/random-pictures.js';
import { busyPattern, drawn } from '../../motion/known-motion.js';

/** Keeps painted frames in memory, rounded as files of them are. */
class FramesInMemory implements KeptFrames {
  readonly #frames = new Map<number, RgbImage>();

  async read(index: number): Promise<RgbImage | undefined> {
    return this.#frames.get(index);
  }

  async keep(index: number, picture: RgbImage): Promise<void> {
    this.#frames.set(index, asKept(picture));
  }
}

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
});
afterAll(() => engine.dispose());

const [width, height] = [64, 48];
const [ground, thing, other] = [busyPattern(1), busyPattern(4), busyPattern(9)];
const style = noisePicture(64, 64, 2);
const styles = singleStyle(style);
const options = { size: 64, epochs: 4, frameEpochs: 2 } satisfies FrameOptions;

/** A disc over a ground that stands still. */
function disc(centre: number): RgbImage {
  return drawn(width, height, (x, y) => (Math.hypot(x - centre, y - 20) < 9 ? thing(x - centre, y) : ground(x, y)));
}

const elsewhere = drawn(width, height, other);

/** The disc over its ground, faded over into something else by a share. */
function faded(share: number): RgbImage {
  const data = disc(24).data.map((value, i) => (1 - share) * value + share * (elsewhere.data[i] ?? Number.NaN));
  return { ...elsewhere, data };
}

/** Paints frames, and returns them with what was told of them. */
async function painted(
  contents: readonly RgbImage[],
  more: FrameOptions & {
    kept?: FramesInMemory;
    loops?: boolean;
    like?: RgbImage;
    until?: (progress: FrameProgress) => boolean;
  } = {},
) {
  const { kept = new FramesInMemory(), loops = false, like = style, until = () => false, ...changed } = more;
  const frame = async (index: number) => contents[index] ?? expect.fail(`There is no frame ${index}.`);
  const told: FrameProgress[] = [];
  const steps = paintFrames(
    engine,
    { frames: { count: contents.length, loops, frame }, styles: singleStyle(like) },
    kept,
    {
      ...options,
      ...changed,
    },
  );
  for await (const progress of steps) {
    told.push(progress);
    if (until(progress)) break;
  }
  const pictures: (RgbImage | undefined)[] = [];
  for (const index of contents.keys()) pictures.push(await kept.read(index));
  const hows = told.flatMap((progress) => (progress.kind === 'frame' ? [progress.how] : []));
  return { kept, told, hows, pictures };
}

function pictureOf(pictures: readonly (RgbImage | undefined)[], index: number): RgbImage {
  return pictures[index] ?? expect.fail(`Frame ${index} was not painted.`);
}

/** Returns how many of the objects that are no longer referred to the engine has kept. */
function alive(references: readonly WeakRef<object>[]): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return references.filter((reference) => reference.deref() !== undefined).length;
}

describe('frames that are painted one after the other', () => {
  it('are not held, however many there are', async () => {
    const asked: WeakRef<object>[] = [];
    const files = new Map<number, Uint8Array>();
    const frame = async (index: number) => {
      const picture = disc(20 + index);
      asked.push(new WeakRef(picture));
      return picture;
    };
    const kept: KeptFrames = {
      read: async (index) => {
        const bytes = files.get(index);
        return bytes && fromBytes(bytes, width, height);
      },
      keep: async (index, picture) => {
        asked.push(new WeakRef(picture));
        files.set(index, toBytes(picture));
      },
    };
    const held: number[] = [];
    const steps = paintFrames(engine, { frames: { count: 9, loops: false, frame }, styles }, kept, {
      ...options,
      epochs: 1,
      frameEpochs: 1,
    });
    for await (const { kind } of steps) if (kind === 'frame') held.push(alive(asked));
    expect(asked).toHaveLength(2 * 9);
    // The first frame, the one before and this one, with their contents.
    expect(Math.max(...held)).toBeLessThanOrEqual(6);
  });

  it('keep what stands still to the last bit, and paint what moves', async () => {
    const { pictures, hows } = await painted([disc(24), disc(26), disc(28)]);
    expect(hows).toEqual(['anew', 'onward', 'onward']);
    const [first, last] = [pictureOf(pictures, 0), pictureOf(pictures, 2)];
    const changesWhere = (isMeant: (x: number, y: number) => boolean) =>
      first.data.filter((value, i) => isMeant(i % width, Math.floor(i / width) % height) && value !== last.data[i])
        .length;
    expect(changesWhere((x, y) => x > 46 || y > 38)).toBe(0);
    expect(changesWhere((x, y) => Math.hypot(x - 26, y - 20) < 9)).toBeGreaterThan(300);
  });

  it('lose noise of colours, but where they are held', async () => {
    const grey = { ...style, data: style.data.map((_, i) => style.data[i % (64 * 64)] ?? Number.NaN) };
    const { pictures, told } = await painted([disc(24), disc(27)], { like: grey });
    const last = told.findLast((progress) => progress.kind === 'epoch')?.progress.picture();
    const before = asKept(last ?? expect.fail('Expected an epoch, got none'));
    const after = pictureOf(pictures, 1);
    const changed = (x: number, y: number) => after.data[y * width + x] !== before.data[y * width + x];
    const where = (isMeant: (x: number, y: number) => boolean) =>
      Array.from({ length: width * height }, (_, i) => [i % width, Math.floor(i / width)] as const).filter(
        ([x, y]) => isMeant(x, y) && changed(x, y),
      ).length;
    expect(where((x, y) => Math.hypot(x - 27, y - 20) < 9)).toBeGreaterThan(50);
    expect(where((x, y) => x > 46 || y > 38)).toBe(0);
  });

  it('are nearer to the moved frame before than without the temporal term', async () => {
    const contents = [0, 1].map((step) => drawn(width, height, (x, y) => ground(x + 2 * step, y)));
    const change = async (more: FrameOptions) => {
      const { pictures } = await painted(contents, { ...more, frameEpochs: 6 });
      const [before, after] = [pictureOf(pictures, 0), pictureOf(pictures, 1)];
      let sum = 0;
      for (let i = 0; i < after.data.length; i++) {
        if (i % width < width - 4) sum += ((after.data[i] ?? 0) - (before.data[i + 2] ?? 0)) ** 2;
      }
      return sum;
    };
    expect(await change({})).toBeLessThan(0.7 * (await change({ temporalWeight: 0 })));
  });

  it('paint equal frames once, wherever they are, and begin anew after a cut', async () => {
    const contents = [disc(24), disc(24), elsewhere, disc(24), elsewhere];
    const { hows, pictures } = await painted(contents);
    expect(hows).toEqual(['anew', 'equal', 'anew', 'equal', 'equal']);
    expect(pictures[3]?.data).toEqual(pictures[0]?.data);
    expect(pictures[4]?.data).toEqual(pictures[2]?.data);
  });

  it('fade over as the content does, from one painted picture to the other', async () => {
    const shares = [0, 0.1, 0.25, 0.45, 0.6];
    const { hows, pictures, told } = await painted(shares.map(faded));
    expect(hows).toEqual(['anew', 'onward', 'onward', 'onward', 'anew']);
    expect(told.filter(({ kind }) => kind === 'epoch')).toHaveLength(2 * options.epochs);
    const alone = await painted([faded(0.6)]);
    expect(pictures[4]?.data).toEqual(alone.pictures[0]?.data);
    const [from, to] = [pictureOf(pictures, 0), pictureOf(pictures, 4)];
    for (const [index, share] of shares.entries()) {
      const off = pictureOf(pictures, index).data.map((value, i) => {
        const [before, after] = [from.data[i] ?? Number.NaN, to.data[i] ?? Number.NaN];
        return Math.abs(value - before - (share / 0.6) * (after - before));
      });
      expect(Math.max(...off)).toBeLessThan(1.5 / 255);
    }
  });

  it('fade on where they were after an interruption, and come out as without', async () => {
    const contents = [0, 0.1, 0.2, 0.3, 0.4].map(faded);
    const whole = await painted(contents);
    const begun = await painted(contents, { until: ({ kind, index }) => kind === 'frame' && index === 2 });
    expect(begun.pictures[3]).toBeUndefined();
    const finished = await painted(contents, { kept: begun.kept });
    expect(finished.pictures.map((picture) => picture?.data)).toEqual(whole.pictures.map((picture) => picture?.data));
  });

  it('fade over into the first one at the end of a loop', async () => {
    const contents = [0, 0.15, 0.3, 0.45, 0.6, 0.4, 0.2].map(faded);
    const { pictures, told } = await painted(contents, { loops: true });
    expect(told.filter(({ kind }) => kind === 'epoch')).toHaveLength(2 * options.epochs);
    const [first, middle, last] = [0, 4, 6].map((index) => pictureOf(pictures, index));
    const off = last?.data.map((value, i) => {
      const [back, from] = [first?.data[i] ?? Number.NaN, middle?.data[i] ?? Number.NaN];
      return Math.abs(value - back - (from - back) / 3);
    });
    expect(Math.max(...(off ?? []))).toBeLessThan(1.5 / 255);
  });

  it('go on where only brightness and noise flicker', async () => {
    const flickering = [0, 1, 2, 3, 4].map((index) => {
      const normal = normalNumbers(index);
      const brightness = index % 2 === 0 ? 0 : 0.12;
      return { ...elsewhere, data: disc(24).data.map((value) => 0.7 * value + brightness + (3 / 255) * normal()) };
    });
    expect((await painted(flickering)).hows).toEqual(['anew', 'onward', 'onward', 'onward', 'onward']);
  });

  it('are painted from coarse to fine where much of them is strange, and keep the rest', async () => {
    const wiped = drawn(width, height, (x, y) => (x < 50 ? ground(x, y) : other(x, y)));
    const { hows, told, pictures } = await painted([drawn(width, height, ground), wiped], { epochs: 16 });
    expect(hows).toEqual(['anew', 'onward']);
    const last = told.findLast((progress) => progress.kind === 'epoch')?.progress;
    // A quarter of a still's epochs, instead of a frame's 2.
    expect(last?.epochs).toBe(4);
    const [before, after] = [pictureOf(pictures, 0), pictureOf(pictures, 1)];
    expect(before.data.every((value, i) => i % width >= 44 || value === after.data[i])).toBe(true);
    expect(after.data.filter((value, i) => i % width >= 52 && value !== before.data[i]).length).toBeGreaterThan(1000);
  });

  it('have their style in what is new as well, though the rest has it already', async () => {
    const dark = drawn(64, 64, (x, y) => (x % 8 < 2 || y % 8 < 2 ? [0.5, 0.1, 0] : [0.1, 0, 0]));
    const shade = drawn(width, height, ground);
    shade.data.forEach((value, i) => {
      shade.data[i] = 0.4 * value;
    });
    const isNew = (x: number, y: number) => x >= 22 && x < 44 && y >= 14 && y < 34;
    const isNewAt = (i: number) => isNew(i % width, Math.floor(i / width) % height);
    const lit = { ...shade, data: shade.data.map((value, i) => (isNewAt(i) ? 0.8 : value)) };
    const more = { epochs: 30, like: dark };
    const [onward, alone] = [await painted([shade, lit], more), await painted([lit], more)];
    expect(onward.told.findLast((progress) => progress.kind === 'epoch')?.progress.epochs).toBe(8);
    const rednessOfNew = (picture: RgbImage) => {
      const values = [...picture.data.subarray(0, width * height)].filter((_, i) => isNewAt(i));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const off = rednessOfNew(pictureOf(onward.pictures, 1)) - rednessOfNew(pictureOf(alone.pictures, 0));
    // It is 0.070 where only the whole frame is compared with the style.
    expect(off).toBeLessThan(0.037);
  });

  it('go on where they were, and come out as without the interruption', async () => {
    const contents = [disc(20), disc(22), disc(25)];
    const whole = await painted(contents);
    const begun = await painted(contents, { until: ({ kind, index }) => kind === 'frame' && index === 1 });
    expect(begun.pictures[2]).toBeUndefined();
    const finished = await painted(contents, { kept: begun.kept });
    expect(finished.hows).toEqual(['kept', 'kept', 'onward']);
    expect(finished.pictures.map((picture) => picture?.data)).toEqual(whole.pictures.map((picture) => picture?.data));
  });

  it('lead back to the first one in a loop, whatever came between', async () => {
    const shifted = (shift: number) => drawn(width, height, (x, y) => ground(x + shift, y));
    const contents = [shifted(0), shifted(1), elsewhere, shifted(-6), shifted(-4), shifted(-2)];
    const seam = async (loops: boolean) => {
      const { pictures } = await painted(contents, { loops, start: 'noise', frameEpochs: 3 });
      const [first, last] = [pictureOf(pictures, 0), pictureOf(pictures, 5)];
      let sum = 0;
      for (let i = 0; i < last.data.length; i++) {
        if (i % width >= 4) sum += ((last.data[i] ?? 0) - (first.data[i - 2] ?? 0)) ** 2;
      }
      return sum;
    };
    expect(await seam(true)).toBeLessThan(0.6 * (await seam(false)));
  });

  it('stop within an epoch, and keep what is done', async () => {
    const stop = new AbortController();
    const { hows, pictures, told } = await painted([disc(20), disc(23)], {
      signal: stop.signal,
      until: ({ kind, index }) => {
        if (kind === 'epoch' && index === 1) stop.abort();
        return false;
      },
    });
    expect(hows).toEqual(['anew']);
    expect(told.filter(({ kind, index }) => kind === 'epoch' && index === 1)).toHaveLength(1);
    expect(pictures[1]).toBeUndefined();
  });

  it('keep colours alike, and leave what lies outside of an area as it is', async () => {
    const contents = [disc(24), disc(26)];
    const regions = [{ left: 0, top: 0, width: 60, height: 100 }];
    const { pictures } = await painted(contents, { keepColors: 'luminance', regions, feather: 0 });
    const second = pictureOf(pictures, 1);
    const [content] = contents.slice(1);
    const outside = second.data.filter(
      (value, i) => i % width > 40 && Math.abs(value - clamped(content?.data[i])) > 0.003,
    );
    expect(outside).toHaveLength(0);
    const blueLessLuma = ({ data }: RgbImage, i: number) => (data[2 * width * height + i] ?? 0) - (data[i] ?? 0);
    const i = 20 * width + 26;
    expect(blueLessLuma(second, i)).toBeCloseTo(blueLessLuma(content ?? second, i), 1);
  });

  it('keep the colours of what comes into an area in which nothing was to be seen', async () => {
    const centres = [12, 26, 40, 48];
    const isInside = (centre: number, i: number) => Math.hypot((i % width) - centre, Math.floor(i / width) - 20) < 9;
    const map = (is: (i: number) => boolean) => {
      return { width, height, data: Float32Array.from({ length: width * height }, (_, i) => (is(i) ? 1 : 0)) };
    };
    const at = (index: number) => centres[index] ?? expect.fail(`There is no frame ${index}.`);
    const frames = {
      count: centres.length,
      loops: false,
      frame: async (index: number) => {
        return drawn(width, height, (x, y) =>
          isInside(at(index), y * width + x) ? thing(x - at(index), y) : [1, 1, 1],
        );
      },
      visible: async (index: number) => map((i) => isInside(at(index), i)),
    };
    const mask = map((i) => i % width >= 36);
    const kept = new FramesInMemory();
    const more = { ...options, epochs: 20, frameEpochs: 9, keepColors: 'match', feather: 0 } as const;
    for await (const { kind } of paintFrames(engine, { frames, styles, mask }, kept, more)) expect(kind).toBeDefined();
    const last = await kept.read(3);
    const values = [...(last?.data.subarray(0, width * height) ?? [])].filter((_, i) => isInside(48, i));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(deviation).toBeGreaterThan(0.1);
  });
});

function clamped(value = Number.NaN): number {
  return Math.min(Math.max(value, 0), 1);
}
