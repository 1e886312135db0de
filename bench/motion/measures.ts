import type { Plane } from '../../src/imaging/plane.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { warp } from '../../src/motion/warp.js';
import type { Truth } from './scene.js';

/** How a painted frame follows the one before. */
export interface Steadiness {
  /** Mean squared difference from the frame before, moved by the true flow, over what was visible before. */
  readonly temporal: number;
  /** Mean difference over the pixels whose content neither moves nor changes, in values of 255; undefined without such. */
  readonly still: number | undefined;
}

/** Compares a painted frame with the one before. @param contents - the frames that they were painted from. */
export function steadiness(
  [before, after]: readonly [RgbImage, RgbImage],
  contents: readonly [RgbImage, RgbImage],
  truth: Truth,
): Steadiness {
  const { back, visible } = truth;
  const moved = warp(before, back);
  const temporal = meanOver(visible, (i) => ((after.data[i] as number) - (moved.data[i] as number)) ** 2);
  const standing = standingPixels(contents, truth);
  const isStill = standing.data.some((value) => value === 1);
  const change = (i: number) => 255 * Math.abs((after.data[i] as number) - (before.data[i] as number));
  return { temporal: temporal ?? 0, still: isStill ? meanOver(standing, change) : undefined };
}

/** The largest motion, in pixels, that is none but for rounding. */
const rounding = 1e-6;

/**
 * Returns the pixels that don't move and are the same in two frames: 1, elsewhere 0. Within an even thing that moves,
 * pixels are the same, too, but don't stand still.
 */
function standingPixels([one, other]: readonly [RgbImage, RgbImage], { back, visible }: Truth): Plane {
  const { width, height } = one;
  const pixels = width * height;
  const data = visible.data.map((seen, pixel) => {
    const isMoving = Math.hypot(back.dx[pixel] as number, back.dy[pixel] as number) > rounding;
    const isSame = [pixel, pixel + pixels, pixel + 2 * pixels].every((i) => one.data[i] === other.data[i]);
    return isSame && !isMoving ? seen : 0;
  });
  return { width, height, data };
}

function meanOver(where: Plane, value: (i: number) => number): number | undefined {
  const pixels = where.data.length;
  let [sum, count] = [0, 0];
  for (let i = 0; i < 3 * pixels; i++) {
    if (where.data[i % pixels] !== 1) continue;
    sum += value(i);
    count++;
  }
  return count > 0 ? sum / count : undefined;
}
