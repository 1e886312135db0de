import type { Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Flow } from './flow.js';

/** Mean difference of a pixel's colours from where a motion says it was, up to which the motion explains it. */
const explained = 0.03;

/** Distances, in pixels of a picture of 128, at which motions are looked for around a pixel. */
const distances = [1, 4, 9] as const;

/** Motion, in pixels, above which a pixel moves and can't come from one that stands still. */
const certainMotion = 0.5;

/**
 * Finds the motion of pixels whose flow can't be relied on. A flow is smooth, so that at a border of what moves it goes over
 * from one side's motion into the other's, while each pixel there belongs to one of them: to that of the motions relied on
 * around it that explains it and its neighbours best. Pixels that none explains were hidden before.
 *
 * @param then - the earlier picture, smoothed; @param now - the later one, smoothed.
 * @param back - the flow from each pixel of the later picture to the earlier one; it is changed in place.
 * @param reliable - 1 where the flow can be relied on, 0 elsewhere; it is changed in place.
 * @param standing - 1 where a pixel stands still. Nothing that moves was there before.
 */
export function settleBorders(then: RgbImage, now: RgbImage, back: Flow, reliable: Plane, standing: Plane): void {
  const { width, height, dx, dy } = back;
  const isFromStanding = (x: number, y: number, u: number, v: number) =>
    u * u + v * v > certainMotion * certainMotion && standing.data[Math.round(y + v) * width + Math.round(x + u)] === 1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (isFromStanding(x, y, dx[i] as number, dy[i] as number)) reliable.data[i] = 0;
    }
  }
  const around = surroundings(width, height);
  // What is found is put in place at the end: else one find would lead to the next, and motions spread far.
  const found: { readonly i: number; readonly u: number; readonly v: number }[] = [];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (reliable.data[i] === 1) continue;
      let best: { readonly u: number; readonly v: number } | undefined;
      let least = explained;
      for (let place = 0; place < around.length; place++) {
        const { a, b } = around[place] as Place;
        const j = (y + b) * width + x + a;
        if (x + a < 0 || x + a >= width || y + b < 0 || y + b >= height || reliable.data[j] === 0) continue;
        const u = dx[j] as number;
        const v = dy[j] as number;
        if (isFromStanding(x, y, u, v) || differenceAt(then, now, x, y, u, v) > explained) continue;
        const error = differenceAround(then, now, x, y, u, v);
        if (error >= least) continue;
        best = { u, v };
        least = error;
      }
      if (best) found.push({ i, ...best });
    }
  }
  for (const { i, u, v } of found) {
    dx[i] = u;
    dy[i] = v;
    reliable.data[i] = 1;
  }
}

/** A place, relative to a pixel. */
interface Place {
  readonly a: number;
  readonly b: number;
}

/** Returns the places around a pixel, relative to it, at which motions are looked for. */
function surroundings(width: number, height: number): readonly Place[] {
  const scale = Math.max(width, height) / 128;
  return distances.flatMap((distance) =>
    Array.from({ length: 8 }, (_, direction) => {
      const reach = Math.max(1, distance * scale);
      const angle = (Math.PI / 4) * direction;
      return { a: Math.round(reach * Math.cos(angle)), b: Math.round(reach * Math.sin(angle)) };
    }),
  );
}

/** Returns the mean difference of the 3×3 pixels around one; far ones count alike, as those beyond a border do. */
function differenceAround(then: RgbImage, now: RgbImage, x: number, y: number, u: number, v: number): number {
  let [sum, count] = [0, 0];
  for (let b = Math.max(0, y - 1); b <= Math.min(now.height - 1, y + 1); b++) {
    for (let a = Math.max(0, x - 1); a <= Math.min(now.width - 1, x + 1); a++) {
      sum += Math.min(2 * explained, differenceAt(then, now, a, b, u, v));
      count++;
    }
  }
  return sum / count;
}

/** Returns the mean difference of a pixel's colours from where a motion says it was; infinity beyond the picture. */
function differenceAt(then: RgbImage, now: RgbImage, x: number, y: number, u: number, v: number): number {
  const { width, height } = then;
  const [toX, toY] = [x + u, y + v];
  if (!(toX >= 0 && toX <= width - 1 && toY >= 0 && toY <= height - 1)) return Number.POSITIVE_INFINITY;
  const [left, top] = [Math.floor(toX), Math.floor(toY)];
  const [right, lower] = [toX - left, toY - top];
  const beside = left < width - 1 ? 1 : 0;
  const below = top < height - 1 ? width : 0;
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    const i = (channel * height + top) * width + left;
    const upper = (1 - right) * (then.data[i] as number) + right * (then.data[i + beside] as number);
    const under = (1 - right) * (then.data[i + below] as number) + right * (then.data[i + below + beside] as number);
    sum += Math.abs((1 - lower) * upper + lower * under - (now.data[(channel * height + y) * width + x] as number));
  }
  return sum / 3;
}
