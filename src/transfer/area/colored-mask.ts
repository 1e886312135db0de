import type { RgbImage } from '../../imaging/rgb-image.js';
import { distancesToBlack } from './feather.js';
import type { Mask } from './mask.js';
import { maskError } from './mask-error.js';

/** A colour of a mask by which the place of a style is told, as `#rrggbb`, or the rest of the mask. */
export type StyleColor = `#${string}` | 'rest';

/** How far a pixel may be from a colour and still have it, in [0, 1] along all channels together: JPEG leaves noise. */
const colorTolerance = 0.25;

/** Width of the seam between two colours in which smoothing and JPEG mix them, in pixels. */
const seamWidth = 6;

/** The least share of a mask's pixels that a colour has which somebody has painted with. */
const leastShare = 1e-4;

/** Opacity from which on a pixel counts as painted. */
const leastPainted = 0.5;

/** What is known of a mask's picture besides its colours. */
export interface SeenMask {
  /** From 0 for transparent to 1 for opaque, for each pixel. Default: the picture is opaque. */
  readonly alpha?: Float32Array | undefined;
  /** Whether it was shrunk when it was decoded, which mixes the colours of fine places. Default: it wasn't. */
  readonly isShrunk?: boolean;
}

/** Parses a colour of a mask, `#rgb`, `#rrggbb` or `rest`, in any case; undefined where it is none. */
export function parseStyleColor(text: string): StyleColor | undefined {
  const name = text.trim().toLowerCase();
  if (name === 'rest') return name;
  const [, digits = ''] = /^#([\da-f]{3}|[\da-f]{6})$/.exec(name) ?? [];
  if (digits === '') return undefined;
  return `#${digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits}`;
}

/**
 * Finds the parts of a mask that have certain colours. A pixel has the nearest of them; where it is far from all, and no
 * seam between two, it belongs to the rest, as does what is transparent.
 *
 * @param colors - different colours, among them `rest` or not.
 * @param seen - what else is known of the picture.
 * @returns a mask for each colour, in their order, which is 1 where the picture has it and 0 elsewhere.
 * @throws `mask/color-lacking` where the picture has no pixel of a colour, naming those that there are; `mask/color-mixed`
 *   where that may be because it was shrunk; `mask/color-scarce` where it has too few; `mask/transparent` where it is
 *   transparent everywhere.
 */
export function masksByColor(
  { width, height, data }: RgbImage,
  colors: readonly StyleColor[],
  { alpha, isShrunk = false }: SeenMask = {},
): readonly Mask[] {
  const area = width * height;
  const rgb = colors.map(channelsOf);
  const near = new Float32Array(area);
  const nearest = Int32Array.from({ length: area }, (_, pixel) => {
    const [index, distance] = nearestOf(rgb, data, area, pixel);
    near[pixel] = distance <= colorTolerance && (alpha?.[pixel] ?? 1) >= leastPainted ? 1 : 0;
    return index;
  });
  const rest = withoutSeams({ width, height, data: near.map((value) => 1 - value) });
  const masks = colors.map((color, index): Mask => {
    const isRest = color === 'rest';
    const values = rest.map((value, pixel) => (isRest ? value : nearest[pixel] === index ? 1 - value : 0));
    return { width, height, data: values };
  });
  for (const [index, color] of colors.entries()) {
    const painted = nearest.reduce((sum, one, pixel) => sum + (one === index ? (near[pixel] as number) : 0), 0);
    const found = color === 'rest' ? rest.reduce((sum, value) => sum + value, 0) : painted;
    if (found >= leastShare * area) continue;
    if (color === 'rest') throw noRest();
    if (alpha?.every((opacity) => opacity < leastPainted)) throw transparent(color);
    throw found > 0 ? scarce(color) : lacking(color, commonColors(data, area, alpha).join(', '), isShrunk);
  }
  return masks;
}

function noRest() {
  const message =
    'The mask has no rest: all of it has a colour with a style of its own. Leave the style of the rest out.';
  return maskError('color-lacking', message, { color: 'rest' });
}

function transparent(color: StyleColor) {
  const message = `The mask is transparent everywhere, and has no ${color}. Paint in it where the style is to go.`;
  return maskError('transparent', message, { color });
}

function scarce(color: StyleColor) {
  const message = `The mask has next to nothing of ${color}. Paint a larger place in that colour.`;
  return maskError('color-scarce', message, { color });
}

function lacking(color: StyleColor, common: string, isShrunk: boolean) {
  const message = `The mask has no pixel of ${color}. Most of it is ${common}.`;
  if (!isShrunk) return maskError('color-lacking', message, { color, common });
  const why = 'That is so once it is shrunk for painting, which mixes the colours of fine places: paint larger ones.';
  return maskError('color-mixed', `${message} ${why}`, { color, common });
}

/** Returns the channels of a colour in [0, 1]; the rest has none. */
function channelsOf(color: StyleColor): readonly number[] | undefined {
  if (color === 'rest') return undefined;
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
}

function nearestOf(
  colors: readonly (readonly number[] | undefined)[],
  data: Float32Array,
  area: number,
  pixel: number,
): readonly [index: number, distance: number] {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (const [index, color] of colors.entries()) {
    if (!color) continue;
    const distance = Math.hypot(...color.map((value, channel) => value - (data[channel * area + pixel] as number)));
    if (distance < least) [best, least] = [index, distance];
  }
  return [best, least];
}

/** Takes the parts out of a mask of zeros and ones that are narrower than a seam. */
function withoutSeams(mask: Mask): Float32Array {
  const { width, height, data } = mask;
  const depths = distancesToBlack(mask);
  const core = depths.map((depth) => (depth > seamWidth / 2 ? 0 : 1));
  const fromCore = distancesToBlack({ width, height, data: core });
  return data.map((value, pixel) => ((fromCore[pixel] as number) <= seamWidth / 2 ? value : 0));
}

/** Returns the colours that most of a picture's painted pixels have, at most four, each with at least a hundredth of the pixels. */
function commonColors(data: Float32Array, area: number, alpha?: Float32Array): readonly string[] {
  const counts = new Map<string, number>();
  for (let pixel = 0; pixel < area; pixel++) {
    if ((alpha?.[pixel] ?? 1) < leastPainted) continue;
    const digits = [0, 1, 2].map((channel) => {
      const step = Math.round(15 * Math.min(Math.max(data[channel * area + pixel] as number, 0), 1));
      return step.toString(16).repeat(2);
    });
    const color = `#${digits.join('')}`;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count >= 0.01 * area)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([color]) => color);
}
