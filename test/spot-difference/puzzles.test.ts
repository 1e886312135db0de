import { describe, expect, it } from 'vitest';
import { compare } from '../../src/spot-difference/comparison.js';
import { spotDifferenceDefaults } from '../../src/spot-difference/spot-difference.js';
import { photograph, photographNames } from './photographs.js';
import { plantedPair } from './planted-pair.js';
import { type Score, score } from './score.js';

describe('spot the difference', () => {
  it('finds nine of ten differences in ten puzzles, and at most one too many in each', async () => {
    const photographs = await Promise.all(photographNames.map((name) => photograph(name, 320)));
    const scores: Score[] = [];
    for (let seed = 0; seed < 10; seed++) {
      const picture = photographs[seed % photographs.length];
      if (!picture) throw new Error('There are no photographs');
      // In every other puzzle, the second picture lies between the pixels of the first one.
      const pair = await plantedPair(picture, seed, { halfPixels: seed % 2 === 1 });
      const { regions, shiftX, shiftY } = compare(pair.first, pair.second, spotDifferenceDefaults.size);
      expect(Math.abs(shiftX + pair.shift.x)).toBeLessThan(0.15);
      expect(Math.abs(shiftY + pair.shift.y)).toBeLessThan(0.15);
      scores.push(score(pair, regions, { shiftX, shiftY }));
    }
    const sum = (what: 'planted' | 'found') => scores.reduce((total, each) => total + each[what], 0);
    expect(sum('planted')).toBeGreaterThanOrEqual(50);
    expect(sum('found') / sum('planted'), scores.flatMap(({ missed }) => missed).join('; ')).toBeGreaterThanOrEqual(
      0.9,
    );
    expect(Math.max(...scores.map(({ wrong }) => wrong))).toBeLessThanOrEqual(1);
  });
});
