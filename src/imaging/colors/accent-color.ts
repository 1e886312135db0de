import type { RgbImage } from '../rgb-image.js';

/** Number of parts that the circle of hues is divided into. */
const hueParts = 24;

/** About as many pixels are looked at, however large the picture is. */
const sampledPixels = 20_000;

/** Least brightness of a colour's brightest channel: a darker line is not seen beside a dark page. */
const leastBrightness = 0.5;

/** Chroma that a picture has at least on average if it is more than grey. */
const leastChroma = 0.02;

type Color = readonly [red: number, green: number, blue: number];

/**
 * Returns the colour that a picture is remembered by, as 0xRRGGBB in sRGB: the mean of the hue that has the most chroma in
 * all, for colourful pixels count more than grey ones; of a grey picture its mean. Dark colours are brightened.
 */
export function accentColor({ width, height, data }: RgbImage): number {
  const count = width * height;
  const step = Math.max(1, Math.floor(count / sampledPixels));
  const samples = Math.ceil(count / step);
  const parts = new Uint8Array(samples);
  const chromas = new Float64Array(samples);
  const chromaOf = new Float64Array(hueParts);
  for (let sample = 0, i = 0; sample < samples; sample++, i += step) {
    const red = unit(data[i]);
    const green = unit(data[count + i]);
    const blue = unit(data[2 * count + i]);
    const part = huePart(red, green, blue);
    const chroma = Math.max(red, green, blue) - Math.min(red, green, blue);
    parts[sample] = part;
    chromas[sample] = chroma;
    chromaOf[part] = (chromaOf[part] as number) + chroma;
  }
  // A hue at the border of two parts is as good as one in the middle, so neighbours count, too.
  const around = (part: number) => [part + hueParts - 1, part, part + 1].map((each) => each % hueParts);
  const sums = Array.from(chromaOf, (_, part) => sum(around(part).map((each) => chromaOf[each] ?? 0)));
  const strongest = around(sums.indexOf(Math.max(...sums)));
  const isStrongest = Uint8Array.from(chromaOf, (_, part) => (strongest.includes(part) ? 1 : 0));
  const isGrey = sum([...chromaOf]) < leastChroma * samples;
  let [red, green, blue, weights] = [0, 0, 0, 0];
  for (let sample = 0, i = 0; sample < samples; sample++, i += step) {
    const weight = isGrey ? 1 : (isStrongest[parts[sample] as number] as number) * (chromas[sample] as number);
    red += weight * unit(data[i]);
    green += weight * unit(data[count + i]);
    blue += weight * unit(data[2 * count + i]);
    weights += weight;
  }
  return packed([red / weights, green / weights, blue / weights]);
}

function packed(color: Color): number {
  const brightest = Math.max(...color);
  const factor = brightest < leastBrightness ? leastBrightness / Math.max(brightest, 1e-6) : 1;
  const [red = 0, green = 0, blue = 0] = color.map((channel) => Math.round(255 * unit(factor * channel)));
  return (red << 16) | (green << 8) | blue;
}

/** Returns which part of the circle of hues a colour is in, from 0; that of grey is 0. */
function huePart(red: number, green: number, blue: number): number {
  const angle = Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue);
  const turn = (angle / (2 * Math.PI) + 1) % 1;
  return Math.floor(turn * hueParts) % hueParts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function unit(value = 0): number {
  return Math.min(Math.max(value, 0), 1);
}
