import type { RgbImage } from './rgb-image.js';

/** One value for each pixel of a picture, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Returns a picture's luma by Rec. 601, in [0, 1] as the picture is. */
export function luma({ width, height, data }: RgbImage): Plane {
  const pixels = width * height;
  const result = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const red = data[i] as number;
    const green = data[pixels + i] as number;
    const blue = data[2 * pixels + i] as number;
    result[i] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  return { width, height, data: result };
}

/** Returns a picture's red, green and blue as planes that share its memory. */
export function channels({ width, height, data }: RgbImage): readonly [Plane, Plane, Plane] {
  const pixels = width * height;
  const channel = (index: number) => ({ width, height, data: data.subarray(index * pixels, (index + 1) * pixels) });
  return [channel(0), channel(1), channel(2)];
}

/** Returns a plane half as wide and high, each pixel the mean of four; an odd last column or row is left out. */
export function halved({ width, height, data }: Plane): Plane {
  const newWidth = Math.max(1, width >> 1);
  const newHeight = Math.max(1, height >> 1);
  const result = new Float32Array(newWidth * newHeight);
  const [right, below] = [width > 1 ? 1 : 0, height > 1 ? width : 0];
  for (let y = 0; y < newHeight; y++) {
    for (let x = 0; x < newWidth; x++) {
      const i = 2 * y * width + 2 * x;
      const upper = (data[i] as number) + (data[i + right] as number);
      result[y * newWidth + x] = 0.25 * (upper + (data[i + below] as number) + (data[i + below + right] as number));
    }
  }
  return { width: newWidth, height: newHeight, data: result };
}

/**
 * Returns the mean over the square of 2 · radius + 1 pixels a side around each pixel; at the border, over the part of
 * the square that there is. It takes as long for every radius.
 */
export function boxMean(plane: Plane, radius: number): Plane {
  const { width, height } = plane;
  const across = new Float32Array(width * height);
  for (let y = 0; y < height; y++) meanAlongRow(plane.data, across, y * width, width, radius);
  return { width, height, data: meanDownColumns(across, width, height, radius) };
}

function meanAlongRow(from: Float32Array, to: Float32Array, start: number, length: number, radius: number): void {
  let sum = 0;
  let count = Math.min(radius, length);
  for (let x = 0; x < count; x++) sum += from[start + x] as number;
  for (let x = 0; x < length; x++) {
    if (x + radius < length) {
      sum += from[start + x + radius] as number;
      count++;
    }
    if (x - radius > 0) {
      sum -= from[start + x - radius - 1] as number;
      count--;
    }
    to[start + x] = sum / count;
  }
}

/** Computes the means of all columns at once, a row after the other, as they lie in memory. */
function meanDownColumns(from: Float32Array, width: number, height: number, radius: number): Float32Array {
  const to = new Float32Array(width * height);
  const sums = new Float64Array(width);
  let count = 0;
  const add = (y: number, sign: 1 | -1) => {
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + sign * (from[y * width + x] as number);
    count += sign;
  };
  for (let y = 0; y < Math.min(radius, height); y++) add(y, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) add(y + radius, 1);
    if (y - radius > 0) add(y - radius - 1, -1);
    for (let x = 0; x < width; x++) to[y * width + x] = (sums[x] as number) / count;
  }
  return to;
}
