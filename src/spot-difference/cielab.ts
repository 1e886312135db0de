import type { RgbImage } from '../imaging/rgb-image.js';

/** A picture in CIELAB (D65): L is from 0 to 100, a and b about −110 to 110; the chroma is √(a² + b²). */
export interface LabImage {
  readonly width: number;
  readonly height: number;
  readonly l: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly chroma: Float32Array;
}

/** Converts a picture to CIELAB; values outside [0, 1] count as clamped. */
export function toLab({ width, height, data }: RgbImage): LabImage {
  const pixels = width * height;
  const [l, a, b, chroma] = [0, 0, 0, 0].map(() => new Float32Array(pixels)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let i = 0; i < pixels; i++) {
    const red = linear(data[i] as number);
    const green = linear(data[pixels + i] as number);
    const blue = linear(data[2 * pixels + i] as number);
    // These are sRGB's primaries in XYZ, each row divided by the white point.
    const x = compressed(0.433953 * red + 0.376219 * green + 0.189828 * blue);
    const y = compressed(0.212656 * red + 0.715158 * green + 0.072186 * blue);
    const z = compressed(0.017756 * red + 0.109468 * green + 0.872776 * blue);
    l[i] = 116 * y - 16;
    a[i] = 500 * (x - y);
    b[i] = 200 * (y - z);
    chroma[i] = Math.hypot(a[i] as number, b[i] as number);
  }
  return { width, height, l, a, b, chroma };
}

/**
 * Returns the colour difference CIE94 between pixel `i` of one picture and pixel `j` of another, with the chroma of
 * both instead of the first one's: about 1 is just seen by people who look closely, 5 at a glance. Unlike the plain
 * distance (1976) it makes no more of a difference between saturated colours than people do.
 */
export function colorDifference(first: LabImage, i: number, second: LabImage, j: number): number {
  const dl = (first.l[i] as number) - (second.l[j] as number);
  const da = (first.a[i] as number) - (second.a[j] as number);
  const db = (first.b[i] as number) - (second.b[j] as number);
  const c1 = first.chroma[i] as number;
  const c2 = second.chroma[j] as number;
  const dc = c1 - c2;
  const mean = Math.sqrt(c1 * c2);
  const hueSquared = Math.max(0, da * da + db * db - dc * dc);
  return Math.sqrt(dl * dl + (dc / (1 + 0.045 * mean)) ** 2 + hueSquared / (1 + 0.015 * mean) ** 2);
}

/** Number of steps of {@link lightTable}: between them a straight line is exact to a ten-millionth. */
const steps = 4096;

/** Amounts of light of sRGB's values from 0 to 1, at equal distances. */
const lightTable = Float64Array.from({ length: steps + 2 }, (_, step) => {
  const value = step / steps;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

function linear(value: number): number {
  const position = Math.min(1, Math.max(0, value)) * steps;
  const step = Math.trunc(position);
  const from = lightTable[step] as number;
  return from + (position - step) * ((lightTable[step + 1] as number) - from);
}

function compressed(value: number): number {
  return value > 216 / 24389 ? Math.cbrt(value) : (841 / 108) * value + 4 / 29;
}
