import { describe, expect, it } from 'vitest';
import { singleStyle } from '../../src/transfer/pictures.js';
import { startingPicture, starts } from '../../src/transfer/start.js';
import { noisePicture, wavyPicture } from '../engine/random-pictures.js';

const content = wavyPicture(40, 24, 1);
const style = noisePicture(17, 33, 2);
const styles = singleStyle(style);

describe('the starting picture', () => {
  it.each(starts)('"%s" has the size of the content, and leaves the pictures as they are', (start) => {
    const { width, height, data } = startingPicture(start, content, styles, { seed: 3 });
    expect([width, height, data.length]).toEqual([40, 24, 3 * 40 * 24]);
    expect(data.every(Number.isFinite)).toBe(true);
    expect(content).toEqual(wavyPicture(40, 24, 1));
    expect(style).toEqual(noisePicture(17, 33, 2));
  });

  it('is the same noise for the same seed, and other noise for another', () => {
    const noise = (seed: number) => startingPicture('noise', content, styles, { seed });
    expect(noise(3)).toEqual(noise(3));
    expect(noise(4)).not.toEqual(noise(3));
  });

  it('is grey noise around the middle', () => {
    const { data } = startingPicture('noise', content, styles, { seed: 3 });
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const spread = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
    expect(mean).toBeCloseTo(0.5, 1);
    expect(spread).toBeCloseTo(0.15, 2);
    expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('is the content itself where it is asked for', () => {
    expect(startingPicture('content', content, styles, { seed: 3 })).toEqual(content);
  });
});
