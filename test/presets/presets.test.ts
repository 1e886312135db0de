import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { accentColor } from '../../src/imaging/colors/accent-color.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { builtInPreset, builtInPresets, presetPicturePath, presetThumbnailPath } from '../../src/presets/presets.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';
import { drawings } from '../../tools/presets/drawings.js';
import { difference, type Look, lookOf } from './style-look.js';

/**
 * Least differences between two presets, in colour and in how they are drawn. The closest pairs differ by 0.22 in
 * colour (Dragonglass and Valyrian Steel, both dark; 0.29 for the two that are ice) and by 0.11 in how they are drawn;
 * a style and its own middle, at 0.85 of the sides, differ by 0.08 at most.
 */
const minDifference = { colored: 0.12, drawn: 0.09 };

const presets = builtInPresets();
const maxPictureBytes = 400_000;
const maxTotalBytes = 4_000_000;

const pictures = new Map<string, Promise<RgbImage>>();

/** Returns the picture in a file, which is decoded once only. */
function picture(path: string): Promise<RgbImage> {
  const known = pictures.get(path) ?? readFile(path).then(async (bytes) => (await decodePicture(bytes)).image);
  pictures.set(path, known);
  return known;
}

describe('the built-in presets', () => {
  it('are eight or more, with the White Walker first', () => {
    expect(presets.length).toBeGreaterThanOrEqual(8);
    expect(presets[0]?.name).toBe('white-walker');
  });

  it('are found by their names only', () => {
    for (const preset of presets) expect(builtInPreset(preset.name)).toBe(preset);
    for (const name of ['', 'White-Walker', 'toString', '../white-walker']) expect(builtInPreset(name)).toBeUndefined();
  });

  it('have titles that can be told apart in each language', () => {
    for (const language of ['en', 'de'] as const) {
      expect(new Set(presets.map(({ title }) => title[language])).size).toBe(presets.length);
    }
  });

  it.each(presets)('$name has a style picture and a thumbnail that decode', async (preset) => {
    const style = await picture(presetPicturePath(preset));
    expect(Math.min(style.width, style.height)).toBeGreaterThanOrEqual(512);
    const thumbnail = await picture(presetThumbnailPath(preset));
    expect(Math.min(thumbnail.width, thumbnail.height)).toBeGreaterThanOrEqual(200);
  });

  it.each(presets)('$name has the colour of its style picture', async (preset) => {
    const accent = accentColor(await picture(presetPicturePath(preset)));
    expect(preset.accent).toBe(`#${accent.toString(16).padStart(6, '0')}`);
  });

  it.each(presets)('$name is what its drawing gives', async (preset) => {
    const drawn = await drawings[preset.name]?.(256);
    if (!drawn) throw new Error(`tools/presets/drawings.ts has no ${preset.name}`);
    // Without oversampling, hard lines are coarser: by 0.02 at most, against about 0.2 between different styles.
    const seen = resample(await picture(presetPicturePath(preset)), 48, 48);
    const differences = resample(drawn, 48, 48).data.map((value, i) => Math.abs(value - (seen.data[i] ?? Number.NaN)));
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(0.05);
  });

  it('are small enough to be carried in the repository', async () => {
    let total = 0;
    for (const preset of presets) {
      const sizes = [presetPicturePath(preset), presetThumbnailPath(preset)].map(
        async (path) => (await stat(path)).size,
      );
      for (const size of await Promise.all(sizes)) {
        expect(size).toBeLessThan(maxPictureBytes);
        total += size;
      }
    }
    expect(total).toBeLessThan(maxTotalBytes);
  });
});

describe('with VGG19-lite', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
  });
  afterAll(() => engine.dispose());

  it.each(presets)('$name has a recipe that a transfer takes and that lowers its loss', async (preset) => {
    const style = resample(await picture(presetPicturePath(preset)), 96, 96);
    const content = resample(await picture(presetThumbnailPath(preset)), 96, 96);
    const losses: number[] = [];
    const pictures = { content, styles: singleStyle(style) };
    for await (const { loss } of styleTransfer(engine, pictures, { ...preset.transfer, size: 96, epochs: 3 })) {
      losses.push(loss.total);
    }
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0] ?? 0);
  });

  it('no two look alike, neither by their colours nor by how they are drawn', async () => {
    const looks: { readonly name: string; readonly look: Look }[] = [];
    for (const preset of presets) {
      looks.push({ name: preset.name, look: await lookOf(engine, await picture(presetPicturePath(preset))) });
    }
    for (const [index, first] of looks.entries()) {
      for (const second of looks.slice(index + 1)) {
        const { colored, drawn } = difference(first.look, second.look);
        expect(colored, `colours of ${first.name} and ${second.name}`).toBeGreaterThan(minDifference.colored);
        expect(drawn, `drawing of ${first.name} and ${second.name}`).toBeGreaterThan(minDifference.drawn);
      }
    }
  });

  it('a style looks like its own middle, or the test above could not fail', async () => {
    for (const preset of presets.slice(0, 3)) {
      const style = await picture(presetPicturePath(preset));
      const { colored, drawn } = difference(await lookOf(engine, style), await lookOf(engine, middle(style)));
      expect(colored).toBeLessThan(minDifference.colored / 2);
      expect(drawn).toBeLessThan(minDifference.drawn / 2);
    }
  });
});

/** Cuts the middle out of a square picture, at 0.85 of its sides. */
function middle({ width: side, data }: RgbImage): RgbImage {
  const width = Math.round(0.85 * side);
  const margin = Math.floor((side - width) / 2);
  const cut = Float32Array.from({ length: 3 * width * width }, (_, i) => {
    const channel = Math.floor(i / (width * width));
    const row = Math.floor(i / width) % width;
    return data[channel * side * side + (row + margin) * side + margin + (i % width)] ?? Number.NaN;
  });
  return { width, height: width, data: cut };
}
