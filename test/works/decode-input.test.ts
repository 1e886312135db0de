import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Mask } from '../../src/transfer/area/mask.js';
import { decodeMask } from '../../src/works/decode-input.js';

const side = 64;

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

function png(color: (x: number, y: number) => Rgba): Promise<Buffer> {
  const bytes = Array.from({ length: side ** 2 }, (_, i) => color(i % side, Math.floor(i / side))).flat();
  return sharp(Uint8Array.from(bytes), { raw: { width: side, height: side, channels: 4 } })
    .png()
    .toBuffer();
}

function maskOf(bytes: Uint8Array, maxSide = 512): Promise<Mask> {
  return decodeMask(async () => ({ bytes, file: 'mask.png' }), maxSide);
}

/** Whether a pixel is in the left half, which is painted in these masks. */
const isPainted = (x: number) => x < side / 2;

async function halves(color: (painted: boolean, y: number) => Rgba): Promise<readonly [left: number, right: number]> {
  const { data } = await maskOf(await png((x, y) => color(isPainted(x), y)));
  return [data[side * 20 + 5] ?? Number.NaN, data[side * 20 + side - 5] ?? Number.NaN];
}

describe('a mask with transparency', () => {
  it.each<readonly [name: string, paint: readonly [number, number, number], empty: readonly [number, number, number]]>([
    ['white', [255, 255, 255], [255, 255, 255]],
    ['white, on transparent black', [255, 255, 255], [0, 0, 0]],
    ['red', [220, 30, 30], [220, 30, 30]],
    ['grey', [128, 128, 128], [0, 0, 0]],
  ])('is white where it is painted in one colour: %s', async (_name, paint, empty) => {
    expect(await halves((painted) => (painted ? [...paint, 255] : [...empty, 0]))).toEqual([1, 0]);
  });

  it('is black where it is painted in black', async () => {
    expect(await halves((painted) => [0, 0, 0, painted ? 255 : 0])).toEqual([0, 1]);
  });

  it('is as white as it is opaque', async () => {
    const [left, right] = await halves((painted) => [255, 255, 255, painted ? 128 : 255]);

    expect(left).toBeCloseTo(0.5, 2);
    expect(right).toBe(1);
  });

  it('is painted in several light colours on black, and in dark ones on white', async () => {
    const light = await halves((painted, y) => (painted ? [255, 255, 255 - y, 255] : [0, 0, 0, 0]));
    const dark = await halves((painted, y) => (painted ? [y, 0, 0, 255] : [0, 0, 0, 0]));

    expect(light[0]).toBeGreaterThan(0.9);
    expect(light[1]).toBe(0);
    expect(dark[0]).toBeLessThan(0.1);
    expect(dark[1]).toBe(1);
  });

  it('is read by its colours where it is opaque', async () => {
    expect(await halves((painted) => (painted ? [255, 255, 255, 255] : [0, 0, 0, 255]))).toEqual([1, 0]);
  });

  it('keeps its transparency when it is scaled down', async () => {
    const { data } = await maskOf(await png((x) => [255, 255, 255, isPainted(x) ? 255 : 0]), 16);

    expect([data[16 * 8 + 2], data[16 * 8 + 13]]).toEqual([1, 0]);
  });

  it('is neither black nor white everywhere if people painted it white on an empty layer', async () => {
    const file = await readFile(new URL('../imaging/files/mask-white-on-transparent.png', import.meta.url));

    const { data } = await maskOf(file);

    expect(new Set(data)).toEqual(new Set([0, 1]));
  });
});

describe('a mask that keeps nothing is refused:', () => {
  it.each<readonly [name: string, color: Rgba]>([
    ['white', [255, 255, 255, 255]],
    ['nearly white', [247, 247, 247, 255]],
  ])('%s everywhere', async (_name, color) => {
    await expect(maskOf(await png(() => color))).rejects.toMatchObject({
      domain: 'mask',
      code: 'everything-styled',
      message: expect.stringContaining('Paint black where the picture is to stay'),
    });
  });

  it('not one that is empty, which is black everywhere', async () => {
    const { data } = await maskOf(await png(() => [255, 255, 255, 0]));

    expect(new Set(data)).toEqual(new Set([0]));
  });
});
