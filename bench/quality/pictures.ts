import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePicture } from '../../src/imaging/decode.js';
import { crop } from '../../src/imaging/reflect-pad.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { packageRoot } from '../../src/package-root.js';

/** A picture of the repository, or a part of one. */
interface PictureSource {
  readonly file: string;
  /** The part of the file that is used, in pixels. Default: all of it. */
  readonly part?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/** Photographs that are painted: people, an animal, a thing, a night; from afar and from near. */
export const contentSources: Readonly<Record<string, PictureSource>> = {
  astronaut: { file: 'examples/astronaut.jpg' },
  chelsea: { file: 'examples/chelsea.jpg' },
  coffee: { file: 'examples/coffee.jpg' },
  rocket: { file: 'examples/rocket.jpg' },
  face: { file: 'examples/astronaut.jpg', part: { left: 130, top: 0, width: 200, height: 200 } },
  'cat-face': { file: 'examples/chelsea.jpg', part: { left: 110, top: 20, width: 240, height: 240 } },
};

/** Pictures in whose style is painted: facets, cracks, panes, brush strokes, ink; light, dark and colourful. */
export const styleSources: Readonly<Record<string, PictureSource>> = {
  'ice-shards': { file: 'examples/ice-shards.png' },
  dragonfire: { file: 'presets/dragonfire.jpg' },
  'sept-glass': { file: 'presets/sept-glass.jpg' },
  'kings-landing': { file: 'presets/kings-landing.jpg' },
  'parchment-map': { file: 'presets/parchment-map.jpg' },
  'frozen-lake': { file: 'presets/frozen-lake.jpg' },
};

/** The pictures of a comparison, by name. */
export interface Originals {
  readonly contents: Readonly<Record<string, RgbImage>>;
  readonly styles: Readonly<Record<string, RgbImage>>;
}

/** Reads contents and styles by their names. @throws Error for an unknown name; its message lists the known ones. */
export async function readOriginals(contents: readonly string[], styles: readonly string[]): Promise<Originals> {
  return { contents: await readSources(contentSources, contents), styles: await readSources(styleSources, styles) };
}

/** Returns a picture by its name. @throws Error for an unknown name; its message lists the known ones. */
export function originalNamed<Value>(originals: Readonly<Record<string, Value>>, name: string): Value {
  const value = Object.hasOwn(originals, name) ? originals[name] : undefined;
  if (value !== undefined) return value;
  throw new Error(`There is no picture "${name}". Choose from ${Object.keys(originals).join(', ')}.`);
}

async function readSources(sources: Readonly<Record<string, PictureSource>>, names: readonly string[]) {
  const read = async (name: string) => {
    const { file, part } = originalNamed(sources, name);
    const { image } = await decodePicture(await readFile(join(packageRoot(), file)));
    return [name, part ? crop(image, part.left, part.top, part.width, part.height) : image] as const;
  };
  return Object.fromEntries(await Promise.all(names.map(read)));
}
