import type { RgbImage } from '../rgb-image.js';
import type { ColorEncoding } from './color-encoding.js';
import { luminances, matrixToSrgb, times, type Vector } from './primaries.js';
import { referenceWhite } from './transfer-function.js';

/** Steps of the tables that functions of one value are looked up in: finer than 16 bits would change nothing. */
const steps = 65_535;

/** Peak luminance of pictures with highlights, as multiples of the reference white: 1000 cd/m². */
const peak = 1000 / referenceWhite;

/**
 * Converts a picture to sRGB from another encoding, as browsers do for a screen that shows nothing brighter than white.
 * Colours that sRGB lacks are clipped, channel by channel.
 */
export function toSrgb({ width, height, data }: RgbImage, { primaries, transfer }: ColorEncoding): RgbImage {
  const matrix = matrixToSrgb(primaries);
  const weights = luminances(primaries);
  if (matrix === undefined || weights === undefined) return { width, height, data };
  const linear = table(transfer.toLinear);
  const encoded = encodedTable();
  const shown = {
    standard: (light: Vector) => light,
    pq: toneMapped,
    hlg: (light: Vector) => toneMapped(onScreen(light, weights)),
  }[transfer.range];
  const area = width * height;
  const result = new Float32Array(data.length);
  for (let i = 0; i < area; i++) {
    const light: Vector = [lookUp(linear, data[i]), lookUp(linear, data[area + i]), lookUp(linear, data[2 * area + i])];
    const [red, green, blue] = times(matrix, shown(light));
    result[i] = lookUp(encoded, red);
    result[area + i] = lookUp(encoded, green);
    result[2 * area + i] = lookUp(encoded, blue);
  }
  return { width, height, data: result };
}

function table(of: (value: number) => number): Float32Array {
  return Float32Array.from({ length: steps + 1 }, (_, i) => of(i / steps));
}

/** Returns what gives a table that is made when it is first asked for: most processes never convert a picture. */
function lateTable(of: (value: number) => number): () => Float32Array {
  let made: Float32Array | undefined;
  return () => {
    made ??= table(of);
    return made;
  };
}

/** Looks a value up, which is clipped to [0, 1]. */
function lookUp(values: Float32Array, value = 0): number {
  return values[Math.round(Math.min(Math.max(value, 0), 1) * steps)] ?? 0;
}

const encodedTable = lateTable((light) => (light <= 0.003_130_8 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));

/** Makes the light of a scene that of a screen with that peak (BT.2100, the OOTF of hybrid log-gamma). */
function onScreen(scene: Vector, weights: Vector): Vector {
  const luminance = weights[0] * scene[0] + weights[1] * scene[1] + weights[2] * scene[2];
  return scaled(scene, peak * luminance ** 0.2);
}

/**
 * The brightest channel before and after tone mapping: the reference white becomes half of what a screen has, and above
 * it highlights are rolled off up to the peak. Browsers take a curve like this one.
 */
const toneCurve: ReadonlyArray<readonly [before: number, after: number]> = [
  [0, 0],
  [1, 0.498],
  [1.158, 0.565],
  [1.558, 0.665],
  [2.089, 0.7605],
  [2.794, 0.847],
  [3.731, 0.922],
  [peak, 1],
];

/** What light is multiplied by, by its brightest channel as a share of the peak. */
const toneGains = lateTable((share) => {
  const brightest = share * peak;
  const next = Math.max(
    1,
    toneCurve.findIndex(([before]) => brightest <= before),
  );
  const [[x0, y0], [x1, y1]] = [toneCurve[next - 1] ?? [0, 0], toneCurve[next] ?? [1, 1]];
  return brightest === 0 ? 0 : (y0 + ((brightest - x0) / (x1 - x0)) * (y1 - y0)) / brightest;
});

/** Scales light so that its brightest channel is at most 1; hues stay. */
function toneMapped(light: Vector): Vector {
  const brightest = Math.max(light[0], light[1], light[2]);
  return scaled(light, brightest < peak ? lookUp(toneGains(), brightest / peak) : 1 / brightest);
}

function scaled(light: Vector, factor: number): Vector {
  return [light[0] * factor, light[1] * factor, light[2] * factor];
}
