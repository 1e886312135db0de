import type { Mask } from './mask.js';

/**
 * Returns a mask with edges that fade in over a width. They fade inwards only: black stays black, so that nothing
 * changes there. Parts narrower than the width are faint, but the widest part is white in its middle, however small it
 * is. A mask that is soft already stays nearly as it is.
 *
 * @param largestWidth - the most pixels that an edge fades over, above 0.
 */
export function feathered({ width, height, data }: Mask, largestWidth: number): Mask {
  const distances = distancesToBlack({ width, height, data });
  const deepest = distances.reduce((deepestSoFar, distance) => Math.max(deepestSoFar, distance), 0);
  const featherWidth = Math.min(largestWidth, deepest / 2);
  return {
    width,
    height,
    data: data.map((value, i) => {
      // The distance counts from the border of the black pixel, not from its middle.
      const position = Math.min(1, Math.max(0, (distances[i] as number) - 0.5) / featherWidth);
      return value * smoothStep(position);
    }),
  };
}

/** Rises from 0 to 1 with no slope at either end, so that the ends can't be seen. */
function smoothStep(position: number): number {
  return position * position * (3 - 2 * position);
}

/**
 * Computes each pixel's distance from the nearest black pixel, in pixels, to within 8 %: steps to the eight neighbours,
 * propagated down and up once each (Borgefors 1986, "Distance transformations in digital images"). The picture's border
 * does not count as black.
 */
export function distancesToBlack({ width, height, data }: Mask): Float32Array {
  const distances = new Float32Array(data.length).map((_, i) => (data[i] === 0 ? 0 : Number.POSITIVE_INFINITY));
  const reach = (x: number, y: number, step: number) => {
    const i = y * width + x;
    let nearest = distances[i] as number;
    if (x - step >= 0 && x - step < width) nearest = Math.min(nearest, (distances[i - step] as number) + 1);
    if (y - step >= 0 && y - step < height) {
      const above = i - step * width;
      nearest = Math.min(nearest, (distances[above] as number) + 1);
      if (x > 0) nearest = Math.min(nearest, (distances[above - 1] as number) + Math.SQRT2);
      if (x < width - 1) nearest = Math.min(nearest, (distances[above + 1] as number) + Math.SQRT2);
    }
    distances[i] = nearest;
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) reach(x, y, 1);
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) reach(x, y, -1);
  return distances;
}
