import { uniformNumbers } from '../../src/random-numbers.js';

/** A smooth function of the plane. */
export type Noise = (x: number, y: number) => number;

const period = 256;

/**
 * Returns gradient noise (Perlin, "Improving Noise", SIGGRAPH 2002) in about [-1, 1], with features of about size 1.
 * The same seed gives the same noise.
 */
export function gradientNoise(seed: number): Noise {
  const random = uniformNumbers(seed);
  const order = Uint16Array.from({ length: period }, (_, index) => index);
  for (let last = period - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  const angles = Array.from({ length: period }, () => 2 * Math.PI * random());
  const cosines = Float64Array.from(angles, Math.cos);
  const sines = Float64Array.from(angles, Math.sin);
  const slope = (column: number, row: number, dx: number, dy: number) => {
    const inRow = order[row & (period - 1)] as number;
    const index = order[(inRow + column) & (period - 1)] as number;
    return (cosines[index] as number) * dx + (sines[index] as number) * dy;
  };
  return (x, y) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const dx = x - column;
    const dy = y - row;
    const u = fade(dx);
    const top = slope(column, row, dx, dy) * (1 - u) + slope(column + 1, row, dx - 1, dy) * u;
    const bottom = slope(column, row + 1, dx, dy - 1) * (1 - u) + slope(column + 1, row + 1, dx - 1, dy - 1) * u;
    const v = fade(dy);
    // The largest value of the interpolated sum is √½, so the factor √2 brings it to 1.
    return Math.SQRT2 * (top * (1 - v) + bottom * v);
  };
}

/** Returns the sum of octaves of gradient noise, each twice as fine and half as strong, in about [-1, 1]. */
export function fractalNoise(seed: number, octaves: number): Noise {
  return octaveSum(seed, octaves, (value) => value);
}

/** Returns octaves of noise with sharp crests where gradient noise changes its sign, in about [0, 1]: 1 on a crest. */
export function ridgedNoise(seed: number, octaves: number): Noise {
  return octaveSum(seed, octaves, (value) => (1 - Math.min(1, 1.6 * Math.abs(value))) ** 2);
}

function octaveSum(seed: number, octaves: number, shape: (value: number) => number): Noise {
  const noises = Array.from({ length: octaves }, (_, octave) => gradientNoise(seed + 101 * octave));
  const total = 2 - 2 ** (1 - octaves);
  return (x, y) => {
    let sum = 0;
    for (const [octave, noise] of noises.entries()) {
      const frequency = 2 ** octave;
      // The shift keeps the lattices of the octaves from meeting at the origin.
      sum += shape(noise(x * frequency + 17.3 * octave, y * frequency + 5.7 * octave)) / frequency;
    }
    return sum / total;
  };
}

/** Returns a function that moves points by noise, so that straight lines waver (Quilez, "Domain warping"). */
export function warp(seed: number, frequency: number, strength: number, octaves = 3): (x: number, y: number) => Point {
  const across = fractalNoise(seed, octaves);
  const down = fractalNoise(seed + 7919, octaves);
  return (x, y) => ({
    x: x + strength * across(x * frequency, y * frequency),
    y: y + strength * down(x * frequency, y * frequency),
  });
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

function fade(t: number): number {
  return t * t * t * (t * (6 * t - 15) + 10);
}
