import type { RgbImage } from './rgb-image.js';

/** How many pixels are added on each side. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/**
 * Adds margins in which a picture, or any number of planes, is mirrored, without repeating the outermost pixels (numpy's `reflect`): the row
 * 0 1 2 3 with two more on either side is 2 1 0 1 2 3 2 1. Margins may be larger than the picture, which is then
 * mirrored to and fro; a single row or column is repeated.
 * @throws RangeError if a margin is not an integer from 0 up.
 */
export function reflectPad(image: RgbImage, margins: Margins): RgbImage {
  for (const [side, margin] of Object.entries(margins)) {
    if (!Number.isInteger(margin) || margin < 0) {
      throw new RangeError(`Expected the ${side} margin to be a whole number of pixels from 0 up, got ${margin}`);
    }
  }
  const width = margins.left + image.width + margins.right;
  const height = margins.top + image.height + margins.bottom;
  const inMargins = (x: number) => x < margins.left || x >= margins.left + image.width;
  const mirrored = Array.from({ length: width }, (_, x) => ({ x, from: reflect(x - margins.left, image.width) }));
  const atSides = mirrored.filter(({ x }) => inMargins(x));
  const planes = image.data.length / (image.width * image.height);
  const data = new Float32Array(planes * width * height);
  for (let channel = 0; channel < planes; channel++) {
    for (let y = 0; y < height; y++) {
      const source = (channel * image.height + reflect(y - margins.top, image.height)) * image.width;
      const target = (channel * height + y) * width;
      data.set(image.data.subarray(source, source + image.width), target + margins.left);
      for (const { x, from } of atSides) data[target + x] = image.data[source + from] as number;
    }
  }
  return { width, height, data };
}

/**
 * Cuts out the part of a picture that begins at (left, top), `width` by `height` pixels.
 * @throws RangeError if the part is empty, not in whole pixels or not wholly inside the picture.
 */
export function crop(image: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  const whole = [left, top, width, height].every(Number.isInteger);
  const inside = left >= 0 && top >= 0 && left + width <= image.width && top + height <= image.height;
  if (!whole || !inside || width < 1 || height < 1) {
    throw new RangeError(
      `Expected a part of the ${image.width}×${image.height} picture, got ${width}×${height} from (${left}, ${top})`,
    );
  }
  const data = new Float32Array(3 * width * height);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      const source = (channel * image.height + top + y) * image.width + left;
      data.set(image.data.subarray(source, source + width), (channel * height + y) * width);
    }
  }
  return { width, height, data };
}

/** The index in [0, length) that `index` falls on when the range is mirrored at its first and last member. */
function reflect(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const phase = ((index % period) + period) % period;
  return phase < length ? phase : period - phase;
}
