import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../../src/imaging/decode.js';
import { masksByColor, type StyleColor } from '../../../src/transfer/area/colored-mask.js';
import { decodeMasksByColor } from '../../../src/works/decode-input.js';

const [width, height] = [120, 90];

/** Returns a drawing of a red left, a green disc and a blue foot on black, as somebody's program saves it. */
function drawing(format: 'png' | 'jpeg') {
  const colorAt = (x: number, y: number) => {
    if (y >= 70) return [0, 0, 255];
    if (Math.hypot(x - 60, y - 40) < 25) return [0, 255, 0];
    return [x < 60 ? 255 : 0, 0, 0];
  };
  const bytes = Array.from({ length: width * height }, (_, i) => colorAt(i % width, Math.floor(i / width))).flat();
  const picture = sharp(Uint8Array.from(bytes), { raw: { width, height, channels: 3 } });
  return (format === 'png' ? picture.png() : picture.jpeg({ quality: 50, chromaSubsampling: '4:2:0' })).toBuffer();
}

async function masksOf(colors: readonly StyleColor[], format: 'png' | 'jpeg' = 'png') {
  const bytes = await drawing(format);
  const { image } = await decodePicture(bytes, { maxSide: 512, maxBytes: bytes.length });
  return masksByColor(image, colors);
}

const colors = ['#ff0000', '#00ff00', '#0000ff'] as const;

describe('a mask with colours', () => {
  it.each(['png', 'jpeg'] as const)('is cut by them, and has no seam between them: %s', async (format) => {
    const [red, green, blue] = await masksOf(colors, format);
    const at = (x: number, y: number) => [red, green, blue].map((mask) => mask?.data[y * width + x]);
    expect(at(10, 10)).toEqual([1, 0, 0]);
    expect(at(60, 40)).toEqual([0, 1, 0]);
    expect(at(100, 85)).toEqual([0, 0, 1]);
    expect(at(110, 20)).toEqual([0, 0, 0]);
    // From red through the disc's edge to its middle, and down from red to blue, some colour has every pixel.
    for (let x = 5; x < 60; x++)
      expect(
        at(x, 40).filter((value) => value === 1),
        `x ${x}`,
      ).toHaveLength(1);
    for (let y = 5; y < 85; y++)
      expect(
        at(20, y).filter((value) => value === 1),
        `y ${y}`,
      ).toHaveLength(1);
  });

  it('has for the rest what none of the colours is, black as well as others', async () => {
    const [red, rest] = await masksOf(['#ff0000', 'rest'], 'jpeg');
    expect(red?.data.every((value, i) => value + (rest?.data[i] ?? Number.NaN) === 1)).toBe(true);
    expect([rest?.data[40 * width + 60], rest?.data[20 * width + 110], rest?.data[85 * width + 60]]).toEqual([1, 1, 1]);
    expect(rest?.data[10 * width + 10]).toBe(0);
  });

  it('gives a pixel to the nearest colour, and what is transparent to none', () => {
    const image = { width: 4, height: 1, data: Float32Array.of(1, 0.95, 0.8, 1, 0, 0, 0.1, 0, 0, 0.1, 0, 0) };
    const found = masksByColor(image, ['#ff0000', '#cc0000'], { alpha: Float32Array.of(1, 1, 1, 0) });
    expect(found.map(({ data }) => [...data.slice(0, 3)])).toEqual([
      [1, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('tells which colours it has where one is lacking', async () => {
    await expect(masksOf(['#ff0000', '#ff00ff'])).rejects.toMatchObject({
      key: 'mask/color-lacking',
      message: expect.stringMatching(/no pixel of #ff00ff\. Most of it is #ff0000, #000000, #0000ff, #00ff00\./),
    });
    const whole = { width: 20, height: 20, data: new Float32Array(1200).fill(1) };
    expect(() => masksByColor(whole, ['#ffffff', 'rest'])).toThrow(/has no rest/);
  });

  it('says why it seems to lack a colour that is in its file', async () => {
    const masksIn = async (maxSide: number, channels: 3 | 4, pixel: (x: number, y: number) => readonly number[]) => {
      const bytes = Array.from({ length: 400 * 400 }, (_, i) => pixel(i % 400, Math.floor(i / 400))).flat();
      const file = await sharp(Uint8Array.from(bytes), { raw: { width: 400, height: 400, channels } })
        .png()
        .toBuffer();
      const inputs = async () => ({ bytes: file });
      return decodeMasksByColor(inputs, maxSide, ['#ff0000']);
    };
    const [red, blue] = [
      [255, 0, 0],
      [0, 0, 255],
    ];
    const checks = (x: number, y: number) => ((x + y) % 2 ? red : blue) ?? [];
    await expect(masksIn(400, 3, checks)).resolves.toHaveLength(1);
    await expect(masksIn(100, 3, checks)).rejects.toMatchObject({
      key: 'mask/color-mixed',
      message: expect.stringMatching(/no pixel of #ff0000\. Most of it is #880088\..*shrunk.*paint larger ones/),
    });
    await expect(masksIn(400, 3, (x, y) => (x + y === 0 ? red : blue) ?? [])).rejects.toMatchObject({
      key: 'mask/color-scarce',
      message: expect.stringContaining('next to nothing of #ff0000'),
    });
    await expect(masksIn(400, 4, () => [255, 0, 0, 0])).rejects.toMatchObject({
      key: 'mask/transparent',
      message: expect.stringContaining('transparent everywhere'),
    });
  });
});
