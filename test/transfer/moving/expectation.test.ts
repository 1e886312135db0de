import { describe, expect, it } from 'vitest';
import type { Plane } from '../../../src/imaging/plane.js';
import { noFlow } from '../../../src/motion/flow.js';
import type { Motion } from '../../../src/motion/transition.js';
import { expectationFrom } from '../../../src/transfer/moving/expectation.js';
import { drawn } from '../../motion/known-motion.js';

const size = { width: 64, height: 4 };
const grey = (value: number) => drawn(size.width, size.height, () => [value, value, value]);

/** A plane that is the same in all rows. */
function columns(value: (x: number) => number): Plane {
  return { ...size, data: Float32Array.from({ length: 4 * 64 }, (_, i) => value(i % 64)) };
}

const nextFrame = { content: grey(0.9), unknown: grey(0.9) };

/** A motion of which the columns from 20 to 25 are not known. */
const uncovering: Motion = {
  back: noFlow(size),
  reliable: columns((x) => (x >= 20 && x < 26 ? 0 : 1)),
  still: columns((x) => (x >= 20 && x < 26 ? 0 : 1)),
  changed: columns(() => 0),
};

/** Dark, but where something else was painted, which is not there any more. */
const painted = drawn(size.width, size.height, (x) => (x < 32 || x >= 36 ? [0.2, 0.2, 0.2] : [0.7, 0.7, 0.7]));

describe('what painted frames tell of the next one', () => {
  const reference = { painting: grey(0.2), motion: uncovering };
  const previous = { ...reference, anchor: grey(0.9), fresh: columns(() => 0), madeUp: columns(() => 0) };
  const { temporal, held, fresh, start } = expectationFrom(nextFrame, { previous, first: reference, closing: 0 });
  const row = (plane: Plane) => [...plane.data.subarray(0, 64)].map((value) => Number(value.toFixed(3)));

  it('leaves what is uncovered to the content, and half of what lies beside it', () => {
    expect(row(temporal.map).slice(17, 29)).toEqual([1, 1, 0.5, 0, 0, 0, 0, 0, 0, 0.5, 1, 1]);
    // What lies around it, of the same colour, was painted in that grey.
    expect(row({ ...size, data: start.data }).slice(18, 22)).toEqual([0.2, 0.2, 0.2, 0.2]);
  });

  it('holds what stands still, but for what is uncovered and beside it', () => {
    expect(row(held.mask).slice(17, 29)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });

  it('begins with what is held as it is, though it changed a little', () => {
    const painting = drawn(64, 4, (x) => (x < 10 ? [0.5, 0.5, 0.5] : [0.2, 0.2, 0.2]));
    const motion = { ...uncovering, changed: columns((x) => (x < 10 ? 0.08 : 0)) };
    const expected = expectationFrom(nextFrame, {
      previous: { ...previous, painting, motion },
      first: { painting, motion },
      closing: 0,
    });
    expect(row(expected.held.mask).slice(0, 10)).toEqual(Array(10).fill(0));
    expect([...expected.start.data.subarray(0, 10)]).toEqual(Array(10).fill(0.5));
  });

  it('tells nothing from where frames are not painted', () => {
    const motion = { ...uncovering, still: columns(() => 0) };
    const frame = { ...nextFrame, counts: columns((x) => (x < 30 ? 1 : 0)) };
    const expected = expectationFrom(frame, {
      previous: {
        painting: drawn(64, 4, (x) => (x < 30 ? [0.2, 0.2, 0.2] : [0.9, 0.9, 0.9])),
        motion,
        anchor: grey(0.9),
        counts: frame.counts,
        fresh: columns(() => 0),
        madeUp: columns(() => 0),
      },
      first: { ...reference, motion: { ...motion, reliable: columns(() => 0) } },
      closing: 0,
    });
    expect(row({ ...size, data: expected.start.data }).slice(20, 30)).toEqual(Array(10).fill(0.2));
  });

  it('takes nothing from where frames are not painted for what comes into the place where they are', () => {
    const area = columns((x) => (x < 30 ? 1 : 0));
    // All moves by four columns to the left.
    const back = { ...noFlow(size), dx: new Float32Array(4 * 64).fill(4) };
    const motion = { ...uncovering, back, reliable: columns(() => 1), still: columns(() => 0) };
    const expected = expectationFrom(
      { ...nextFrame, area, counts: area },
      {
        previous: {
          painting: drawn(64, 4, (x) => (x < 30 ? [0.2, 0.2, 0.2] : [0.9, 0.9, 0.9])),
          motion,
          anchor: grey(0.9),
          counts: area,
          fresh: columns(() => 0),
          madeUp: columns(() => 0),
        },
        first: { ...reference, motion: { ...motion, reliable: columns(() => 0) } },
        closing: 0,
      },
    );
    expect(row(expected.temporal.map).slice(22, 30)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(row({ ...size, data: expected.start.data }).slice(22, 30)).toEqual(Array(8).fill(0.2));
    expect(row(expected.repainted).slice(26, 30)).toEqual([1, 1, 1, 1]);
  });

  it('paints anew what was made up, once it is much, but for what stands still', () => {
    const expected = (columnsMadeUp: number, isStill: number) => {
      const motion = { ...uncovering, reliable: columns((x) => (x === 40 ? 0 : 1)), still: columns(() => isStill) };
      return expectationFrom(nextFrame, {
        previous: {
          ...reference,
          motion,
          anchor: grey(0.9),
          fresh: columns(() => 0),
          madeUp: columns((x) => (x < columnsMadeUp ? 1 : 0)),
        },
        first: { ...reference, motion: { ...motion, reliable: columns(() => 0) } },
        closing: 0,
      });
    };
    const [little, much, still] = [expected(3, 0), expected(14, 0), expected(14, 1)];
    expect([little.isStrange, much.isStrange, still.isStrange]).toEqual([false, true, false]);
    // Up to two columns beside it are painted anew as well, for strokes to have room.
    expect(row(much.temporal.map).slice(12, 18)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(row({ ...size, data: much.start.data }).slice(12, 18)).toEqual([0.9, 0.9, 0.9, 0.9, 0.2, 0.2]);
    expect(Math.max(...much.fresh.data)).toBe(0);
    expect(row(little.madeUp).slice(0, 4)).toEqual([1, 1, 1, 0]);
    expect(row(still.held.mask).slice(0, 16)).toEqual(Array(16).fill(0));
  });

  it('goes on painting there in the frames that follow', () => {
    expect(row(fresh).slice(17, 22)).toEqual([0, 0, 0.25, 0.5, 0.5]);
    const later = expectationFrom(nextFrame, {
      previous: {
        ...reference,
        motion: { ...uncovering, reliable: columns(() => 1), still: columns(() => 1) },
        anchor: grey(0.9),
        fresh,
        madeUp: columns(() => 0),
      },
      first: reference,
      closing: 0,
    });
    expect(row(later.temporal.map).slice(17, 22)).toEqual([1, 1, 0.75, 0.5, 0.5]);
  });

  it('lets go what was painted for something else, as far as it is something else now', () => {
    const all = { ...uncovering, reliable: columns(() => 1), still: columns(() => 0) };
    const motion = { ...all, changed: columns((x) => (x < 30 || x >= 36 ? 0 : x < 32 ? 0.25 : 1)) };
    const anchor = drawn(64, 4, (x) => (x < 32 || x >= 36 ? [0.9, 0.9, 0.9] : [0.4, 0.4, 0.4]));
    const gone = expectationFrom(nextFrame, {
      previous: { painting: painted, motion, anchor, fresh: columns(() => 0), madeUp: columns(() => 0) },
      first: { painting: painted, motion: { ...all, reliable: columns(() => 0) } },
      closing: 0,
    });
    expect(row(gone.temporal.map).slice(28, 34)).toEqual([1, 1, 0.5, 0.5, 0, 0]);
    expect(row({ ...size, data: gone.start.data }).slice(28, 34)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2, 0.2]);
    expect(row(gone.repainted).slice(29, 33)).toEqual([0.05, 0.287, 0.287, 1]);
  });
});
