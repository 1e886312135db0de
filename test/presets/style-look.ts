import type { Engine } from '../../src/engine/engine.js';
import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';

/** Gram matrices of a style, one for each of a network's layers. */
type Grams = readonly Float32Array[];

/** How a network sees a style: as it is, and how it is drawn, without its palette and contrast. */
export interface Look {
  readonly colored: Grams;
  readonly drawn: Grams;
}

const layers = ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1'];
const side = 256;

export async function lookOf(engine: Engine, style: RgbImage): Promise<Look> {
  const small = resample(style, side, side);
  const gramsOf = async (image: RgbImage) => {
    const { grams } = await engine.features(image, { grams: layers });
    return layers.map((layer) => grams.get(layer)?.data ?? new Float32Array());
  };
  return { colored: await gramsOf(small), drawn: await gramsOf(levelledGrey(small)) };
}

/** Measures how much two styles differ, in colour and in how they are drawn; 0 where they do not. */
export function difference(a: Look, b: Look): { readonly colored: number; readonly drawn: number } {
  return { colored: gramDifference(a.colored, b.colored), drawn: gramDifference(a.drawn, b.drawn) };
}

/** Returns the mean over layers of Σ(a − b)² / √(Σa² · Σb²). */
function gramDifference(a: Grams, b: Grams): number {
  const byLayer = a.map((gram, layer) => {
    let [squares, own, others] = [0, 0, 0];
    for (const [index, value] of gram.entries()) {
      const other = b[layer]?.[index] ?? Number.NaN;
      squares += (value - other) ** 2;
      own += value ** 2;
      others += other ** 2;
    }
    return squares / Math.sqrt(own * others);
  });
  return byLayer.reduce((sum, value) => sum + value, 0) / byLayer.length;
}

/** Returns the picture's luminance, moved to a mean of 0.5 and a standard deviation of 0.2, in all three channels. */
function levelledGrey({ width, height, data }: RgbImage): RgbImage {
  const area = width * height;
  const grey = Float32Array.from({ length: area }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = [data[i], data[area + i], data[2 * area + i]];
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
  const mean = grey.reduce((sum, value) => sum + value, 0) / area;
  const deviation = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / area);
  const levelled = grey.map((value) => 0.5 + (0.2 * (value - mean)) / deviation);
  return { width, height, data: Float32Array.from({ length: 3 * area }, (_, i) => levelled[i % area] ?? 0) };
}
