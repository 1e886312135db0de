import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/imaging/decode.js';
import { encodePicture } from '../../src/imaging/encode.js';
import { encodeWithin } from '../../src/imaging/encode-within.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { draw, gradient, largestDifference, mosaic } from './test-pictures.js';

/** Makes a picture of random values, which compresses worst of all. */
function noise(width: number, height: number): RgbImage {
  let state = 1;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return { width, height, data: Float32Array.from({ length: 3 * width * height }, random) };
}

describe('encoding within a budget', () => {
  it('loses nothing where a PNG fits, to the last byte', async () => {
    const picture = mosaic(60, 40);
    const png = await encodePicture(picture, 'png');
    const fitting = await encodeWithin(picture, { maxBytes: png.length });
    expect(fitting).toMatchObject({ format: 'png', width: 60, height: 40, quality: undefined });
    expect(largestDifference((await decodePicture(fitting.bytes)).image, picture)).toBeLessThan(0.5 / 255 + 1e-6);
    expect(await encodeWithin(picture, { maxBytes: png.length - 1 })).toMatchObject({ format: 'webp' });
  });

  it('fits the noisiest picture of 1024 pixels into 10 MiB, and into half of what its PNG takes', async () => {
    const picture = noise(1024, 1024);
    expect((await encodeWithin(picture, { maxBytes: 10 * 1024 * 1024 })).format).toBe('png');
    const half = await encodeWithin(picture, { maxBytes: 1.5 * 1024 * 1024 });
    expect(half).toMatchObject({ format: 'webp', width: 1024, height: 1024, quality: 95 });
    expect(half.bytes.length).toBeLessThanOrEqual(1.5 * 1024 * 1024);
  });

  it.each([
    ['noise', noise(256, 192)],
    ['a mosaic', mosaic(256, 192)],
    ['a gradient', gradient(256, 192)],
  ])('makes good use of every budget for %s', async (_name, picture) => {
    const png = (await encodePicture(picture, 'png')).length;
    let before = { width: picture.width, quality: 100 };
    for (const share of [0.5, 0.3, 0.2, 0.1]) {
      const maxBytes = Math.round(share * png);
      const { bytes, width, height, quality = 100, format } = await encodeWithin(picture, { maxBytes });
      expect(bytes.length).toBeLessThanOrEqual(maxBytes);
      // At the best quality, 95, a picture may need far less than its budget; below it, a better one would have been
      // taken.
      if (quality < 95) expect(bytes.length).toBeGreaterThan(0.25 * maxBytes);
      const decoded = await decodePicture(bytes);
      expect(decoded).toMatchObject({ format, sourceWidth: width, sourceHeight: height });
      expect(width / height).toBeCloseTo(256 / 192, 1);
      // With less room nothing gets better: first the quality falls, then the size.
      expect(width).toBeLessThanOrEqual(before.width);
      if (width === before.width) expect(quality).toBeLessThanOrEqual(before.quality);
      before = { width, quality };
    }
  });

  it('keeps a pixel of every side', async () => {
    const line = noise(300, 2);
    const { width, height } = await encodeWithin(line, { maxBytes: 200 });
    expect(width).toBeLessThan(300);
    expect(height).toBe(1);
  });

  it('has no more pixels than a WebP may have, though it may take more bytes', async () => {
    const line = noise(20_000, 2);
    const { format, width, bytes } = await encodeWithin(line, { maxBytes: 60_000 });
    expect({ format, width }).toEqual({ format: 'webp', width: 14_000 });
    expect(bytes.length).toBeLessThan(60_000);
  });

  it('says so where nothing is small enough', async () => {
    const error = await encodeWithin(mosaic(64, 64), { maxBytes: 20 }).catch((error: unknown) => error);
    expect(error).toMatchObject({
      domain: 'image',
      code: 'picture-over-budget',
      context: { maxBytes: 20 },
      message: expect.stringContaining('20 bytes'),
    });
  });

  it('is stopped by a signal, and by values that are no numbers', async () => {
    const reason = new Error('enough');
    const aborted = { maxBytes: 1000, signal: AbortSignal.abort(reason) };
    await expect(encodeWithin(mosaic(20, 20), aborted)).rejects.toBe(reason);
    const controller = new AbortController();
    const running = encodeWithin(noise(64, 64), { maxBytes: 500, signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    const astray = draw(20, 20, () => [Number.NaN, 0, 0]);
    const encoding = encodeWithin(astray, { maxBytes: 1000 });
    await expect(encoding).rejects.toMatchObject({ domain: 'image', code: 'not-finite' });
  });
});
