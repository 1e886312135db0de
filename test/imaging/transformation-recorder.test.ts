import { describe, expect, test } from 'vitest';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import { TransformationRecorder } from '../../src/imaging/transformation-recorder.js';
import { draw, gradient } from './test-pictures.js';

/** Makes a picture whose grey tells how far the transformation is. */
const grey = (value: number, width = 20, height = 10) => draw(width, height, () => [value, value, value]);
const content = grey(0);
const result = grey(1);
const greysOf = (pictures: readonly Uint8Array[]) => pictures.map((picture) => (picture[0] ?? Number.NaN) / 255);

describe('keeps a picture when it has changed enough:', () => {
  test('not for less than five percent of the loss', () => {
    const recorder = new TransformationRecorder({ content });

    expect(recorder.offer(1, () => grey(0.1), 0)).toBe(false);
    expect(recorder.offer(0.97, () => grey(0.2), 0)).toBe(false);
    expect(recorder.offer(0.94, () => grey(0.3), 0)).toBe(true);
    expect(recorder.offer(0.91, () => grey(0.4), 0)).toBe(false);
  });

  test('and asks for no other', () => {
    const recorder = new TransformationRecorder({ content });
    let asked = 0;
    const picture = () => {
      asked += 1;
      return grey(0.5);
    };

    const kept = [1, 0.999, 0.5, 0.4999, 0.4998, 0.3].filter((loss) => recorder.offer(loss, picture, 0));

    expect(asked).toBe(kept.length);
    expect(kept).toEqual([0.5, 0.3]);
  });

  test('a loss that rises is a change as well', () => {
    const recorder = new TransformationRecorder({ content });
    recorder.offer(1, () => result, 0);

    expect(recorder.offer(1.5, () => grey(0.5), 0)).toBe(true);
  });

  test('small changes add up', () => {
    const recorder = new TransformationRecorder({ content });

    const kept = Array.from({ length: 100 }, (_, epoch) => recorder.offer(0.998 ** epoch, () => grey(0.5), 0));

    // The loss falls by 0.2 % an epoch, so about every twenty-fifth picture is kept.
    expect(kept.filter(Boolean)).toHaveLength(3);
  });

  test('losses of different scales are not compared', () => {
    const recorder = new TransformationRecorder({ content });
    recorder.offer(1, () => result, 0);

    expect(recorder.offer(300, () => grey(0.5), 1)).toBe(false);
    expect(recorder.offer(200, () => grey(0.5), 1)).toBe(true);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a loss of %d tells nothing', (loss) => {
    const recorder = new TransformationRecorder({ content });
    recorder.offer(1, () => result, 0);

    expect(recorder.offer(loss, () => grey(0.5), 0)).toBe(false);
    expect(recorder.offer(1.001, () => grey(0.5), 0)).toBe(false);
  });
});

describe('has frames', () => {
  test('from the content over what was kept to the result', () => {
    const recorder = new TransformationRecorder({ content });
    for (const [epoch, loss] of [1, 0.8, 0.6].entries()) recorder.offer(loss, () => grey(epoch / 5), 0);

    const frames = recorder.frames(result);

    expect(greysOf(frames.pictures)).toEqual([0, 0.2, 0.4, 1]);
    expect([frames.width, frames.height]).toEqual([20, 10]);
  });

  test('with the result once, even if its epoch was kept', () => {
    const recorder = new TransformationRecorder({ content });
    recorder.offer(1, () => content, 0);
    recorder.offer(0.5, () => result, 0);

    expect(greysOf(recorder.frames(result).pictures)).toEqual([0, 1]);
  });

  test('of content and result, if nothing was offered', () => {
    expect(greysOf(new TransformationRecorder({ content }).frames(result).pictures)).toEqual([0, 1]);
  });

  test.each([10, 100, 1000, 5000])(
    'after %i epochs no more than allowed, and evenly spread over the change',
    (epochs) => {
      const maxFrames = 20;
      const recorder = new TransformationRecorder({ content, maxFrames });
      // The picture's grey is the share of the change that is done, which is fast at first and slow in the end.
      const logLoss = (epoch: number) => -3 * (1 - 0.01 ** (epoch / epochs));
      for (let epoch = 0; epoch <= epochs; epoch++) {
        recorder.offer(Math.exp(logLoss(epoch)), () => grey(logLoss(epoch) / logLoss(epochs)), 0);
      }

      const greys = greysOf(recorder.frames(result).pictures);

      expect(greys.length).toBeLessThanOrEqual(maxFrames);
      expect(greys.length).toBeGreaterThanOrEqual(Math.min(epochs, maxFrames) * 0.65);
      const steps = greys.slice(1).map((value, index) => value - (greys[index] ?? 0));
      // With few epochs, one epoch alone may change more than this, and there is nothing in between to show.
      if (epochs >= 100) expect(Math.max(...steps)).toBeLessThan(2 / greys.length);
    },
  );

  test('of coarse scales and fine ones, all in one size', () => {
    const large = new TransformationRecorder({ content: gradient(100, 50), maxSide: 40 });
    large.offer(1, () => gradient(30, 15), 0);
    large.offer(0.5, () => gradient(30, 15), 0);
    large.offer(1, () => gradient(100, 50), 1);
    large.offer(0.5, () => gradient(100, 50), 1);

    const frames = large.frames(gradient(100, 50));

    expect([frames.width, frames.height]).toEqual([40, 20]);
    const expected = toBytes(gradient(40, 20));
    // The last picture that was kept is the result itself.
    expect(frames.pictures).toHaveLength(3);
    for (const picture of frames.pictures) {
      const inside = picture.filter((_, index) => (index / 3) % 40 > 2 && (index / 3) % 40 < 37);
      const wanted = expected.filter((_, index) => (index / 3) % 40 > 2 && (index / 3) % 40 < 37);
      expect(Math.max(...inside.map((byte, index) => Math.abs(byte - (wanted[index] ?? 0))))).toBeLessThan(8);
    }
  });

  test('not larger than the content', () => {
    const frames = new TransformationRecorder({ content, maxSide: 480 }).frames(result);

    expect([frames.width, frames.height]).toEqual([20, 10]);
  });
});

test.each([{ maxFrames: 2 }, { maxFrames: 3.5 }, { maxSide: 0 }])('%o is an error', (options) => {
  expect(() => new TransformationRecorder({ content, ...options })).toThrow(RangeError);
});
