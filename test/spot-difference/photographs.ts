import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePicture } from '../../src/imaging/decode.js';
import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { packageRoot } from '../../src/package-root.js';
import { fitToLongerSide } from '../../src/transfer/scales.js';

export const photographNames = ['astronaut', 'chelsea', 'coffee', 'rocket'] as const;

/** Reads an example photograph, in its own size or with the given longer side, in pixels. */
export async function photograph(name: (typeof photographNames)[number], longerSide?: number): Promise<RgbImage> {
  const { image } = await decodePicture(await readFile(join(packageRoot(), 'examples', `${name}.jpg`)));
  if (longerSide === undefined) return image;
  const { width, height } = fitToLongerSide(image, longerSide);
  const { data } = resample(image, width, height);
  return { width, height, data: data.map((value) => Math.min(Math.max(value, 0), 1)) };
}
