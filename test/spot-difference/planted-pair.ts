import sharp from 'sharp';
import { decodePicture } from '../../src/imaging/decode.js';
import { crop } from '../../src/imaging/reflect-pad.js';
import { resample } from '../../src/imaging/resample.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { uniformNumbers } from '../../src/random-numbers.js';
import { type Disc, type Edit, type EditKind, editKinds, edits } from './edits.js';

/** A difference that was planted in the second picture, in its pixels. */
export interface Planted {
  readonly kind: EditKind;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** One value for each pixel of the second picture, row by row: 1 where it changed. */
  readonly mask: Uint8Array;
}

export interface PlantedPair {
  readonly first: RgbImage;
  readonly second: RgbImage;
  readonly planted: readonly Planted[];
  /** Number of pixels by which the second picture's content lies to the right of the first one's, and below it. */
  readonly shift: { readonly x: number; readonly y: number };
}

export interface PlantedPairOptions {
  /** Largest shift of the second picture against the first one, in pixels. Default 3. */
  readonly largestShift?: number;
  /** Whether the second picture is shifted by half a pixel, so that it lies between the first one's pixels. */
  readonly halfPixels?: boolean;
  readonly quality?: number;
}

/** Radii of differences, as shares of the longer side: from hard for a person to find to easily seen. */
const radii = { smallest: 0.018, largest: 0.05 };

/** Least gap between two differences, as a share of the longer side: a puzzle's differences are separate things. */
const gap = 0.05;

/** Least mean change of the strongest channel, in [0, 1], by which a person sees a difference. */
const visible = 12 / 255;

/**
 * Makes a puzzle of a photograph: 5 to 9 differences are planted in the second picture, which is shifted; both go
 * through JPEG. The same seed gives the same pair.
 * @throws Error where the photograph has no room for as many differences.
 */
export async function plantedPair(
  photograph: RgbImage,
  seed: number,
  { largestShift = 3, halfPixels = false, quality = 85 }: PlantedPairOptions = {},
): Promise<PlantedPair> {
  const uniform = uniformNumbers(seed * 7919 + 17);
  const { width, height } = photograph;
  const longer = Math.max(width, height);
  const wanted = 5 + Math.floor(uniform() * 5);
  let edited = photograph;
  const planted: { disc: Disc; kind: EditKind; changed: Uint8Array }[] = [];
  for (let attempt = 0; planted.length < wanted && attempt < 2000; attempt++) {
    const radius = longer * (radii.smallest + uniform() * (radii.largest - radii.smallest));
    const margin = 2 * radius + largestShift + 6;
    const disc = {
      x: margin + uniform() * (width - 2 * margin),
      y: margin + uniform() * (height - 2 * margin),
      radius,
      reach: radius,
    };
    const kind = editKinds[Math.floor(uniform() * editKinds.length)] ?? 'recolored';
    const edit: Edit = edits[kind](edited, disc, uniform);
    const isApart = planted.every(
      ({ disc: other }) =>
        Math.hypot(other.x - edit.disc.x, other.y - edit.disc.y) > other.reach + edit.disc.reach + gap * longer,
    );
    if (!isApart || meanChange(edited, edit) < visible) continue;
    planted.push({ disc: edit.disc, kind, changed: edit.mask });
    edited = edit.picture;
  }
  if (planted.length < wanted) throw new Error(`Only ${planted.length} of ${wanted} differences found a place`);

  const along = () => {
    const whole = Math.round((2 * uniform() - 1) * largestShift);
    return halfPixels ? whole - 0.5 * (Math.sign(whole) || 1) : whole;
  };
  const shift = { x: along(), y: along() };
  const first = crop(
    photograph,
    largestShift + 1,
    largestShift + 1,
    width - 2 * largestShift - 2,
    height - 2 * largestShift - 2,
  );
  const left = largestShift + 1 - shift.x;
  const top = largestShift + 1 - shift.y;
  const second = halfPixels
    ? betweenPixels(edited, left, top, first.width, first.height)
    : crop(edited, left, top, first.width, first.height);
  return {
    first: await throughJpeg(first, quality),
    second: await throughJpeg(second, quality),
    planted: planted.map(({ disc: { x, y, reach }, kind, changed }) => {
      const mask = new Uint8Array(first.width * first.height);
      for (let row = 0; row < first.height; row++) {
        const source = (row + Math.round(top)) * width + Math.round(left);
        mask.set(changed.subarray(source, source + first.width), row * first.width);
      }
      return { kind, x: x - left, y: y - top, radius: reach, mask };
    }),
    shift,
  };
}

/** Returns the picture as it is after it was stored as a JPEG. */
export async function throughJpeg(picture: RgbImage, quality: number): Promise<RgbImage> {
  const { width, height } = picture;
  // The chroma has half its resolution, as in nearly every program.
  const jpeg = sharp(toBytes(picture), { raw: { width, height, channels: 3 } }).jpeg({
    quality,
    chromaSubsampling: '4:2:0',
  });
  return (await decodePicture(await jpeg.toBuffer())).image;
}

/** Cuts out a part of the picture that may begin between two pixels, at multiples of half a pixel. */
export function betweenPixels(picture: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  const doubled = resample(picture, 2 * picture.width, 2 * picture.height);
  return resample(crop(doubled, Math.round(2 * left), Math.round(2 * top), 2 * width, 2 * height), width, height);
}

/** Returns the mean change of each pixel's strongest channel, over the pixels that the edit says it changed. */
function meanChange(before: RgbImage, { picture, mask }: Edit): number {
  const pixels = mask.length;
  let [sum, count] = [0, 0];
  for (let i = 0; i < pixels; i++) {
    if (mask[i] === 0) continue;
    count++;
    sum += Math.max(
      ...[0, 1, 2].map((channel) =>
        Math.abs((picture.data[channel * pixels + i] ?? 0) - (before.data[channel * pixels + i] ?? 0)),
      ),
    );
  }
  return count > 0 ? sum / count : 0;
}
