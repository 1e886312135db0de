import type { Rectangle } from './cut.js';

/** Planes of equal size one after the other, each row by row: the channels of a picture or of a layer. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Returns a rectangle of each plane. */
export function cutOut(planes: Planes, rectangle: Rectangle): Planes {
  const [width, height] = [rectangle.right - rectangle.left, rectangle.bottom - rectangle.top];
  const data = new Float32Array(countOf(planes) * width * height);
  eachRow(planes, rectangle, (from, row) => {
    data.set(planes.data.subarray(from, from + width), row * width);
  });
  return { width, height, data };
}

/** Copies planes into a rectangle of others. */
export function putInto(target: Planes, rectangle: Rectangle, { width, data }: Planes): void {
  eachRow(target, rectangle, (to, row) => {
    target.data.set(data.subarray(row * width, (row + 1) * width), to);
  });
}

/** Adds planes to a rectangle of others. */
export function addInto(target: Planes, rectangle: Rectangle, { width, data }: Planes): void {
  const sums = target.data;
  eachRow(target, rectangle, (to, row) => {
    const from = row * width - to;
    for (let i = to; i < to + width; i++) sums[i] = (sums[i] as number) + (data[from + i] as number);
  });
}

/** Calls a function for each row of a rectangle in each plane, with where it begins there, and its number. */
function eachRow(planes: Planes, { left, top, bottom }: Rectangle, visit: (begin: number, row: number) => void): void {
  const { width, height } = planes;
  let row = 0;
  for (let plane = 0; plane < countOf(planes); plane++) {
    for (let y = top; y < bottom; y++) visit((plane * height + y) * width + left, row++);
  }
}

function countOf({ width, height, data }: Planes): number {
  return width * height > 0 ? data.length / (width * height) : 0;
}
