import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { Rgb } from './color.js';

/** A number for every pixel of a square picture, row by row. */
export interface Field {
  readonly size: number;
  readonly values: Float32Array;
}

/** A function that draws the picture of a style, `size` × `size` pixels large. */
export type Drawing = (size: number) => RgbImage | Promise<RgbImage>;

/** Returns the values of a function of the unit square at the centres of `size` × `size` pixels. */
export function field(size: number, value: (x: number, y: number) => number): Field {
  const values = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      values[row * size + column] = value((column + 0.5) / size, (row + 0.5) / size);
    }
  }
  return { size, values };
}

/** Returns the picture that a function of the unit square paints; `pixel` is the index of the point in a field. */
export function picture(size: number, color: (x: number, y: number, pixel: number) => Rgb): RgbImage {
  const pixels = size * size;
  const data = new Float32Array(3 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const column = pixel % size;
    const row = (pixel - column) / size;
    const [red, green, blue] = color((column + 0.5) / size, (row + 0.5) / size, pixel);
    data[pixel] = red;
    data[pixels + pixel] = green;
    data[2 * pixels + pixel] = blue;
  }
  return { width: size, height: size, data };
}

/** The direction that light comes from. */
export interface Light {
  /** Direction in the plane of the picture, in radians: 0 from the right, π/2 from below. */
  readonly angle: number;
  /** Angle above the plane of the picture, in radians. */
  readonly elevation: number;
}

const fromUpperLeft: Light = { angle: -0.75 * Math.PI, elevation: 0.25 * Math.PI };

/** How bright each pixel of a surface is, as a matt surface and as a mirror. */
export interface Lit {
  /** Brightness as a matt surface: Lambert's cosine, 0 to 1. */
  readonly diffuse: Float32Array;
  /** Brightness as a mirror: Blinn and Phong's cosine of the halfway vector, 0 to 1; a power of it is a highlight. */
  readonly halfway: Float32Array;
}

/**
 * Lights a surface, and returns how bright it looks from above.
 * @param height - height of the surface at every pixel, in fractions of the picture's side.
 */
export function lit({ size, values }: Field, { angle, elevation }: Light = fromUpperLeft): Lit {
  const [lx, ly, lz] = [
    Math.cos(angle) * Math.cos(elevation),
    Math.sin(angle) * Math.cos(elevation),
    Math.sin(elevation),
  ];
  const halfwayLength = Math.hypot(lx, ly, lz + 1);
  const diffuse = new Float32Array(size * size);
  const halfway = new Float32Array(size * size);
  const at = (column: number, row: number) =>
    values[Math.min(row, size - 1) * size + Math.min(column, size - 1)] as number;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const slopeX = (at(column + 1, row) - at(Math.max(column - 1, 0), row)) * (size / 2);
      const slopeY = (at(column, row + 1) - at(column, Math.max(row - 1, 0))) * (size / 2);
      const length = Math.hypot(slopeX, slopeY, 1);
      const along = -slopeX * lx - slopeY * ly;
      diffuse[row * size + column] = Math.max(0, (along + lz) / length);
      halfway[row * size + column] = Math.max(0, (along + lz + 1) / (length * halfwayLength));
    }
  }
  return { diffuse, halfway };
}
