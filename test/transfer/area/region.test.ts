import { describe, expect, it } from 'vitest';
import { coverage, formatRegion, parseRegion } from '../../../src/transfer/area/region.js';

describe('a region', () => {
  it.each([
    ['25,10,50,40', { left: 25, top: 10, width: 50, height: 40 }],
    [' 0, 0 ,100,100 ', { left: 0, top: 0, width: 100, height: 100 }],
    ['12.5,0,.5,99.9', { left: 12.5, top: 0, width: 0.5, height: 99.9 }],
    ['50,50,80,80', { left: 50, top: 50, width: 80, height: 80 }],
  ])('is read from "%s", and written so that it is read again', (text, region) => {
    expect(parseRegion(text)).toEqual(region);
    expect(parseRegion(formatRegion(region))).toEqual(region);
  });

  it.each([
    '',
    '1,2,3',
    '1,2,3,4,5',
    '1,2,three,4',
    '1,,3,4',
    '1,2,3,Infinity',
    '-1,0,5,5',
    '0,100,5,5',
    '0,0,0,5',
    '0,0,5,-5',
  ])('is refused as "%s", with how to write it', (text) => {
    expect(() => parseRegion(text)).toThrow(
      expect.objectContaining({
        code: 'wrong-region',
        message: expect.stringMatching(/left,top,width,height in percent/),
      }),
    );
  });

  it('covers the pixels inside, and of those at its edges their share', () => {
    // In the picture of 4×2 pixels, the region goes from 1.5 to 3 pixels across and from 0.25 to 1 pixel down.
    const region = { left: 37.5, top: 12.5, width: 37.5, height: 37.5 };
    expect([...coverage(region, 4, 2)]).toEqual([0, 0.375, 0.75, 0, 0, 0, 0, 0]);
  });

  it('ends with the picture', () => {
    expect([...coverage({ left: 50, top: 0, width: 500, height: 1000 }, 4, 1)]).toEqual([0, 0, 1, 1]);
  });
});
