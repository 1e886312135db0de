import type { Plane } from '../../imaging/plane.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { uniformNumbers } from '../../random-numbers.js';

/** Of a pixel's surroundings, every second one is compared, two of them to each side. */
const [spacing, reach] = [2, 2] as const;

/** How often each pixel asks its neighbours and looks around. */
const passes = 4;

/** Which pixels are to look like which others. */
export interface Search {
  /** 1 where a pixel is looked for that looks like one of the others. */
  readonly wanted: Plane;
  /** The picture, of the same size, in which it is looked for. */
  readonly among: RgbImage;
  /** 1 where it may be found there. */
  readonly offered: Plane;
  /** Where pixels that aren't wanted are there, by index: what goes on across the border is found where it can be. */
  readonly known: (pixel: number) => number;
}

/** What was found for each pixel of a picture. */
export interface Found {
  /** The pixel that looks most like it, by its index; −1 for those that none was looked for. */
  readonly place: Int32Array;
  /** Root of the mean squared difference of both pixels' surroundings; 0 for those that none was looked for. */
  readonly difference: Plane;
}

/**
 * Finds what looks most alike in a picture, by PatchMatch (Barnes, Shechtman, Finkelstein and Goldman, "PatchMatch: a
 * randomized correspondence algorithm for structural image editing", 2009): each pixel begins with any place, takes that
 * beside the one that its neighbour found, if it is better, and looks around it in ever smaller circles. What neighbours
 * find so lies together mostly. The same pictures give the same places.
 * @returns for each pixel that is wanted the place of one that is offered; nothing where none is.
 */
export function mostAlike(picture: RgbImage, { wanted, among, offered, known }: Search): Found {
  const { width, height } = picture;
  const pixels = width * height;
  const place = new Int32Array(pixels).fill(-1);
  const difference = new Float32Array(pixels);
  const [from, to] = [onesOf(offered), onesOf(wanted)];
  if (from.length === 0) return { place, difference: { width, height, data: difference } };
  const random = uniformNumbers(1);
  const propose = (pixel: number, offer: number) => {
    if (offered.data[offer] !== 1 || offer === place[pixel]) return;
    const best = place[pixel] === -1 ? Number.POSITIVE_INFINITY : (difference[pixel] as number);
    const found = squaredDifference(picture, among, { pixel, offer, limit: best });
    if (found >= best) return;
    place[pixel] = offer;
    difference[pixel] = found;
  };
  const lookAround = (pixel: number) => {
    for (let radius = Math.max(width, height); radius >= 1; radius /= 2) {
      const centre = place[pixel] as number;
      const x = (centre % width) + Math.round((2 * random() - 1) * radius);
      const y = Math.floor(centre / width) + Math.round((2 * random() - 1) * radius);
      if (x >= 0 && x < width && y >= 0 && y < height) propose(pixel, y * width + x);
    }
  };
  for (const pixel of to) propose(pixel, from[Math.floor(random() * from.length)] as number);
  for (let pass = 0; pass < passes; pass++) {
    // Every second time from the end, so that what is found spreads both ways.
    const step = pass % 2 === 0 ? 1 : -1;
    for (const pixel of pass % 2 === 0 ? to : to.toReversed()) {
      for (const way of [step, step * width]) {
        const beside = pixel - way;
        if (!isBeside(beside, pixel, picture)) continue;
        const ofBeside = place[beside] === -1 ? known(beside) : (place[beside] as number);
        if (isBeside(ofBeside + way, ofBeside, picture)) propose(pixel, ofBeside + way);
      }
      lookAround(pixel);
    }
  }
  for (const pixel of to) {
    const compared = 3 * within(pixel % width, width) * within(Math.floor(pixel / width), height);
    difference[pixel] = Math.sqrt((difference[pixel] as number) / compared);
  }
  return { place, difference: { width, height, data: difference } };
}

/** Returns whether a pixel is in the picture, and not beyond the end of the other one's row. */
function isBeside(
  pixel: number,
  other: number,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  return pixel >= 0 && pixel < width * height && Math.abs((pixel % width) - (other % width)) <= 1;
}

/** Returns how many of the compared pixels of a row or column lie in the picture. */
function within(at: number, length: number): number {
  return Math.min(reach, Math.floor(at / spacing)) + 1 + Math.min(reach, Math.floor((length - 1 - at) / spacing));
}

/**
 * Returns the sum of the squared differences of a pixel's surroundings, as far as they lie in the picture, from another
 * one's; or a part of it that is `limit` already. Beyond the border, the other one's are the border's pixels.
 */
function squaredDifference(
  { width, height, data }: RgbImage,
  among: RgbImage,
  { pixel, offer, limit }: { readonly pixel: number; readonly offer: number; readonly limit: number },
): number {
  const pixels = width * height;
  const [x, y] = [pixel % width, Math.floor(pixel / width)];
  const [otherX, otherY] = [offer % width, Math.floor(offer / width)];
  let sum = 0;
  for (let down = -spacing * reach; down <= spacing * reach; down += spacing) {
    if (y + down < 0 || y + down >= height) continue;
    const row = (y + down) * width;
    const otherRow = Math.min(Math.max(otherY + down, 0), height - 1) * width;
    for (let right = -spacing * reach; right <= spacing * reach; right += spacing) {
      if (x + right < 0 || x + right >= width) continue;
      let a = row + x + right;
      let b = otherRow + Math.min(Math.max(otherX + right, 0), width - 1);
      for (; a < data.length; a += pixels, b += pixels) {
        const off = (data[a] as number) - (among.data[b] as number);
        sum += off * off;
      }
    }
    if (sum >= limit) return sum;
  }
  return sum;
}

/** Returns the indexes of a plane's ones. */
function onesOf({ data }: Plane): readonly number[] {
  const indexes: number[] = [];
  for (let i = 0; i < data.length; i++) if (data[i] === 1) indexes.push(i);
  return indexes;
}
