import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { type Motion, transition } from '../../src/motion/transition.js';
import { normalNumbers } from '../../src/random-numbers.js';
import { busyPattern, drawn } from './known-motion.js';

const [width, height] = [128, 96];
const [ground, thing] = [busyPattern(1), busyPattern(4)];

/** A disc with a pattern of its own, over a ground that stands still. */
function disc(centreX: number, centreY: number, radius = 22): RgbImage {
  return drawn(width, height, (x, y) =>
    Math.hypot(x - centreX, y - centreY) < radius ? thing(x - centreX, y - centreY) : ground(x, y),
  );
}

function motionOf(earlier: RgbImage, later: RgbImage): Motion {
  const found = transition(earlier, later);
  return found.kind === 'motion' ? found : expect.fail(`Expected motion, got ${found.kind}`);
}

/** Returns the mean of a value over the pixels that a condition holds for. */
function meanWhere(isMeant: (x: number, y: number) => boolean, value: (i: number) => number): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < width * height; i++) {
    if (!isMeant(i % width, Math.floor(i / width))) continue;
    sum += value(i);
    count++;
  }
  return sum / count;
}

describe('a disc that moves over a ground', () => {
  const [before, after] = [disc(50, 48), disc(56.5, 45)] as const;
  const { back, reliable, still } = motionOf(before, after);
  const toOld = (x: number, y: number) => Math.hypot(x - 50, y - 48);
  const toNew = (x: number, y: number) => Math.hypot(x - 56.5, y - 45);

  it('is followed to a tenth of a pixel inside', () => {
    const error = (i: number) => Math.hypot((back.dx[i] ?? 0) + 6.5, (back.dy[i] ?? 0) - 3);
    expect(meanWhere((x, y) => toNew(x, y) < 17, error)).toBeLessThan(0.1);
    expect(
      meanWhere(
        (x, y) => toNew(x, y) < 17,
        (i) => reliable.data[i] ?? 0,
      ),
    ).toBeGreaterThan(0.97);
  });

  it('leaves the ground exactly where it was, and surely so', () => {
    const isFar = (x: number, y: number) => toOld(x, y) > 26 && toNew(x, y) > 26;
    expect(meanWhere(isFar, (i) => Math.abs(back.dx[i] ?? 1) + Math.abs(back.dy[i] ?? 1))).toBe(0);
    expect(meanWhere(isFar, (i) => still.data[i] ?? 0)).toBe(1);
    expect(meanWhere(isFar, (i) => reliable.data[i] ?? 0)).toBe(1);
  });

  it('uncovers ground whose flow nobody relies on', () => {
    const isUncovered = (x: number, y: number) => toOld(x, y) < 21 && toNew(x, y) > 23;
    expect(meanWhere(isUncovered, (i) => reliable.data[i] ?? 1)).toBeLessThan(0.12);
    expect(meanWhere(isUncovered, (i) => still.data[i] ?? 1)).toBe(0);
  });
});

describe('the border of a disc that moves over a ground', () => {
  const { back, reliable } = motionOf(disc(50, 48), disc(56.5, 45));
  const toNew = (x: number, y: number) => Math.hypot(x - 56.5, y - 45);
  const isHidden = (x: number, y: number) => toNew(x, y) > 22 && Math.hypot(x - 50, y - 48) < 23;
  const isBorder = (x: number, y: number) => Math.abs(toNew(x, y) - 22) < 4 && !isHidden(x, y);

  it('belongs to one of both, and is relied on', () => {
    const isWrong = (i: number) => {
      const isDisc = toNew(i % width, Math.floor(i / width)) < 22;
      return Math.hypot((back.dx[i] ?? 0) + (isDisc ? 6.5 : 0), (back.dy[i] ?? 0) - (isDisc ? 3 : 0)) > 1 ? 1 : 0;
    };
    expect(meanWhere(isBorder, (i) => reliable.data[i] ?? 0)).toBeGreaterThan(0.8);
    expect(meanWhere(isBorder, isWrong)).toBeLessThan(0.15);
  });
});

describe('an even thing that moves over an even ground', () => {
  const square = (left: number) =>
    drawn(width, height, (x, y) =>
      x >= left && x < left + 30 && y >= 30 && y < 60 ? thing(x - left, y) : [0.8, 0.7, 0.6],
    );
  const { back, reliable } = motionOf(square(40), square(45));

  it('uncovers ground that is not taken from beside it', () => {
    const isUncovered = (x: number, y: number) => x >= 40 && x < 45 && y >= 32 && y < 58;
    expect(meanWhere(isUncovered, (i) => reliable.data[i] ?? 1)).toBeLessThan(0.3);
  });

  it('leaves the ground beside it where it was', () => {
    const isBeside = (x: number, y: number) => x >= 34 && x < 39 && y >= 30 && y < 60;
    expect(meanWhere(isBeside, (i) => Math.abs(back.dx[i] ?? 1) + Math.abs(back.dy[i] ?? 1))).toBe(0);
  });
});

describe('an even stripe of which one end stands still', () => {
  const stripe = (time: number) =>
    drawn(width, height, (x, y) => {
      const lift = 5 * Math.min(1, Math.max(0, x - 20) / 40) * Math.sin(time);
      return x >= 20 && x < 110 && Math.abs(y - 48 - lift) < 14 ? [0.8, 0.1, 0.2] : [0.6, 0.8, 0.9];
    });
  const { still } = motionOf(stripe(0), stripe(0.6));

  it('moves with its edges, and the ground does not', () => {
    expect(
      meanWhere(
        (x, y) => x > 60 && x < 105 && Math.abs(y - 50) < 4,
        (i) => still.data[i] ?? 1,
      ),
    ).toBeLessThan(0.1);
    expect(
      meanWhere(
        (_x, y) => y < 20 || y > 78,
        (i) => still.data[i] ?? 0,
      ),
    ).toBe(1);
  });
});

describe('an even face that moves over an even ground', () => {
  const face = (centre: number) =>
    drawn(width, height, (x, y) => {
      const distance = Math.hypot(x - centre, y - 48);
      return distance < 30 ? (distance > 26 ? [0.2, 0.1, 0.1] : [0.9, 0.6, 0.3]) : [0.8, 0.9, 1];
    });
  const { still } = motionOf(face(60), face(64));

  it('moves as a whole, and the ground does not', () => {
    expect(
      meanWhere(
        (x, y) => Math.hypot(x - 64, y - 48) < 18,
        (i) => still.data[i] ?? 1,
      ),
    ).toBe(0);
    expect(
      meanWhere(
        (x, y) => Math.hypot(x - 62, y - 48) > 40,
        (i) => still.data[i] ?? 0,
      ),
    ).toBe(1);
  });
});

describe('two frames', () => {
  const noisy = (picture: RgbImage, seed: number) => {
    const normal = normalNumbers(seed);
    return { ...picture, data: picture.data.map((value) => value + (1.5 / 255) * normal()) };
  };

  it('are the same where they are equal, or differ by noise alone', () => {
    expect(transition(disc(50, 48), disc(50, 48)).kind).toBe('same');
    expect(transition(noisy(disc(50, 48), 1), noisy(disc(50, 48), 2)).kind).toBe('same');
  });

  it('that change slowly add up against what was painted', () => {
    const fading = (share: number) => ({
      ...disc(50, 48),
      data: disc(50, 48).data.map((value) => value * (1 - share)),
    });
    expect(transition(fading(0), fading(0.002)).kind).toBe('same');
    expect(transition(fading(0.055), fading(0.06), fading(0)).kind).toBe('motion');
  });

  it('of which one fades over into the other have no motion, until most of it is something else', () => {
    const [from, to] = [drawn(width, height, ground), drawn(width, height, thing)];
    const mixed = (share: number, noise: number): RgbImage => {
      const normal = normalNumbers(noise);
      const value = (of: RgbImage, i: number) => of.data[i] ?? Number.NaN;
      const at = (_: number, i: number) => (1 - share) * value(from, i) + share * value(to, i) + (2 / 255) * normal();
      return { width, height, data: from.data.map(at) };
    };
    const { back, reliable, changed } = motionOf(mixed(0, 1), mixed(0.09, 2));
    expect(Math.max(...back.dx.map(Math.abs), ...back.dy.map(Math.abs))).toBe(0);
    expect(Math.min(...reliable.data)).toBe(1);
    expect(Math.max(...changed.data)).toBeLessThan(1);
    expect(transition(mixed(0, 1), mixed(0.09, 2))).toMatchObject({ kind: 'motion', fades: true });
    expect(transition(mixed(0.4, 3), mixed(0.49, 4), mixed(0, 1)).kind).toBe('cut');
    for (const step of [0.3, 1, 6]) {
      const moved = drawn(width, height, (x, y) => ground(x + step, y));
      expect(transition(from, moved)).toMatchObject({ kind: 'motion', fades: false });
    }
  });

  it('of one place that fades tell it alone, whatever noise and brightness do, once it differs from what was painted', () => {
    const isInside = (x: number, y: number) => Math.hypot(x - 60, y - 50) < 20;
    const isOutside = (x: number, y: number) => Math.hypot(x - 60, y - 50) > 28;
    const mixed = (share: number, brightness: number, noise: number) => {
      const normal = normalNumbers(noise);
      return drawn(width, height, (x, y) => {
        const [before, after] = [ground(x, y), isInside(x, y) ? thing(x, y) : ground(x, y)];
        const at = (channel: 0 | 1 | 2) => {
          const value = (1 - share) * before[channel] + share * after[channel];
          return 0.5 + 0.4 * (value - 0.5) + brightness + (3 / 255) * normal();
        };
        return [at(0), at(1), at(2)];
      });
    };
    const [painted, before, now] = [mixed(0, 0, 1), mixed(0.7, 0.1, 2), mixed(0.8, 0, 3)];
    const found = transition(before, now, painted);
    const { changed } = found.kind === 'motion' ? found : expect.fail(`Expected motion, got ${found.kind}`);
    const flickering = transition(mixed(0, 0.1, 2), mixed(0, 0, 3), mixed(0, 0.1, 1));
    expect(meanWhere(isInside, (i) => changed.data[i] ?? 0)).toBeGreaterThan(0.7);
    expect(meanWhere(isOutside, (i) => changed.data[i] ?? 1)).toBeLessThan(0.01);
    if (flickering.kind !== 'motion') expect.fail(`Expected motion, got ${flickering.kind}`);
    expect(Math.max(...flickering.changed.data)).toBeLessThan(0.1);
  });

  it.each([0.93, 1.07, 0.75])('of which one is only %f times as bright have no motion', (gain) => {
    const soft = drawn(width, height, (x, y) => ground(x / 4, y / 4));
    const { back, reliable } = motionOf(soft, { ...soft, data: soft.data.map((value) => gain * value) });
    const lengths = back.dx.map((dx, i) => Math.hypot(dx, back.dy[i] ?? Number.NaN));
    expect(Math.max(...lengths)).toBeLessThan(0.05);
    expect(
      meanWhere(
        () => true,
        (i) => reliable.data[i] ?? 0,
      ),
    ).toBeGreaterThan(0.95);
  });

  it('of which one has a warmer light show the same', () => {
    const gains = [1.2, 1, 0.75];
    const soft = drawn(width, height, (x, y) => ground(x / 4, y / 4));
    const warm = { ...soft, data: soft.data.map((value, i) => (gains[Math.floor(i / (width * height))] ?? 1) * value) };
    const { reliable, changed } = motionOf(soft, warm);
    const all = () => true;
    expect(meanWhere(all, (i) => reliable.data[i] ?? 0)).toBeGreaterThan(0.95);
    expect(meanWhere(all, (i) => changed.data[i] ?? 1)).toBeLessThan(0.02);
  });

  it.each([
    ['brighter', 0.2, 1],
    ['darker and flatter', -0.2, 0.6],
  ])('of one thing that moves and gets %s are no cut, and nothing stands still', (_what, brightness, contrast) => {
    const exposed = ({ data, ...picture }: RgbImage, gain: number, shift = 0): RgbImage => {
      return { ...picture, data: data.map((value) => 0.5 + shift + gain * (value - 0.5)) };
    };
    const before = exposed(drawn(width, height, ground), 0.4);
    const moved = drawn(width, height, (x, y) => ground(x + 2, y - 1));
    const after = exposed(moved, 0.4 * contrast, brightness);
    const { back, reliable, still } = motionOf(before, after);
    const isInside = (x: number, y: number) => x > 8 && y > 8 && x < width - 9 && y < height - 9;
    expect(meanWhere(isInside, (i) => Math.hypot((back.dx[i] ?? 0) - 2, (back.dy[i] ?? 0) + 1))).toBeLessThan(0.1);
    expect(meanWhere(isInside, (i) => reliable.data[i] ?? 0)).toBeGreaterThan(0.97);
    expect(meanWhere(isInside, (i) => still.data[i] ?? 1)).toBeLessThan(0.02);
  });

  it('of different things are a cut, and of one that moves are none', () => {
    expect(transition(disc(50, 48), drawn(width, height, busyPattern(9))).kind).toBe('cut');
    expect(transition(drawn(width, height, ground), drawn(width, height, thing)).kind).toBe('cut');
    // What passes close by hides most of it, and a third goes on moving.
    const passing = (x: number, y: number) => (x < 45 ? ground(x + 1, y) : thing(x, y));
    expect(transition(drawn(width, height, ground), drawn(width, height, passing)).kind).toBe('motion');
    const panned = drawn(width, height, (x, y) => ground(x + 17, y - 9));
    expect(transition(drawn(width, height, ground), panned).kind).toBe('motion');
  });
});
