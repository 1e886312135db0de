import type { RgbImage } from '../imaging/rgb-image.js';
import type { Comparison } from './comparison.js';
import { drawMarks } from './marks.js';

/** Aspect ratio above which one picture is put above the other: side by side, both would be small strips. */
const widest = 1.7;

/** Draws both pictures beside each other, the regions that differ circled and numbered in both. */
export function circledStill({ first, second, regions }: Comparison): RgbImage {
  const [a, b] = [copyOf(first), copyOf(second)];
  drawMarks(a, regions);
  drawMarks(b, regions);
  const { width, height } = first;
  const gap = Math.max(2, Math.round(Math.max(width, height) / 80));
  const offset = width > widest * height ? { x: 0, y: height + gap } : { x: width + gap, y: 0 };
  const whole = { width: width + offset.x, height: height + offset.y };
  // The gap is white.
  const still = { ...whole, data: new Float32Array(3 * whole.width * whole.height).fill(1) };
  paste(still, a, { x: 0, y: 0 });
  paste(still, b, offset);
  return still;
}

function copyOf(picture: RgbImage): RgbImage {
  return { ...picture, data: picture.data.slice() };
}

function paste(onto: RgbImage, picture: RgbImage, offset: { readonly x: number; readonly y: number }): void {
  const { width, height, data } = picture;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      const source = (channel * height + y) * width;
      const target = (channel * onto.height + y + offset.y) * onto.width + offset.x;
      onto.data.set(data.subarray(source, source + width), target);
    }
  }
}
