import type { RgbImage } from '../imaging/rgb-image.js';
import type { Flow } from './flow.js';
import { warp } from './warp.js';

/** Weight of the flow's smoothness against the pictures. */
const smoothness = 0.6;

/** Distance, in pixels, below which an error of the flow counts by its square, and above which by its amount. */
const certainDistance = 0.1;

/** Change of the flow from pixel to pixel below which it counts by its square, as in turns and zooms; above are borders. */
const gentleChange = 0.05;

/** Slope, in values a pixel, below which a pixel says little about where it went: noise would be taken for structure. */
const leastSlope = 0.02;

/** How much less a flow has to be smooth across an edge of the picture, where borders of what moves lie. */
const edgeFreedom = 8;

/** Sweeps of the solver in a step. */
const sweeps = 8;

/** Factor by which a sweep goes beyond each pixel's own solution (successive over-relaxation, Young 1954). */
const overRelaxation = 1.8;

/**
 * Improves a flow in place, by one step of warping: what the moved second picture still differs by tells how far pixels
 * are off, as far as their slopes tell, and neighbours fill in for each other. Both count robustly, so that a pixel that
 * is covered in one picture, and a border between motions, are given up instead of spread.
 */
export function refineFlow(flow: Flow, from: RgbImage, to: RgbImage): void {
  const system = new FlowSystem(flow, from, to);
  system.weigh();
  for (let sweep = 0; sweep < sweeps; sweep++) system.sweep();
}

/** The linear equations of a flow, five numbers a pixel, and what they are weighed by. */
class FlowSystem {
  readonly #flow: Flow;
  /** Each pixel's motion tensor: quadratic form of the distance from the flow that its colours ask for. */
  readonly #xx: Float32Array;
  readonly #xy: Float32Array;
  readonly #yy: Float32Array;
  readonly #xt: Float32Array;
  readonly #yt: Float32Array;
  /** The robust weight of each pixel's tensor. */
  readonly #certainty: Float32Array;
  /** How smooth the flow has to be to the right of each pixel, and below. */
  readonly #toRight: Float32Array;
  readonly #toBelow: Float32Array;
  readonly #tt: Float32Array;
  readonly #calm: Float32Array;

  constructor(flow: Flow, from: RgbImage, to: RgbImage) {
    this.#flow = flow;
    const { width, height, dx, dy } = flow;
    const pixels = width * height;
    const plane = () => new Float32Array(pixels);
    this.#xx = plane();
    this.#xy = plane();
    this.#yy = plane();
    this.#xt = plane();
    this.#yt = plane();
    this.#tt = plane();
    this.#calm = plane();
    this.#certainty = plane();
    this.#toRight = plane();
    this.#toBelow = plane();
    const moved = warp(to, flow).data;
    const still = from.data;
    for (let y = 0, i = 0; y < height; y++) {
      const [above, below] = [y > 0 ? width : 0, y < height - 1 ? width : 0];
      for (let x = 0; x < width; x++, i++) {
        const [before, beside] = [x > 0 ? 1 : 0, x < width - 1 ? 1 : 0];
        const [atX, atY] = [x + (dx[i] as number), y + (dy[i] as number)];
        const isInside = atX >= 0 && atX <= width - 1 && atY >= 0 && atY <= height - 1;
        let [xx, xy, yy, xt, yt, tt, steep] = [0, 0, 0, 0, 0, 0, 0];
        for (let at = i; at < 3 * pixels; at += pixels) {
          // The error is of second order with the mean of both pictures' slopes.
          const stillX = (still[at + beside] as number) - (still[at - before] as number);
          const stillY = (still[at + below] as number) - (still[at - above] as number);
          const slopeX = 0.25 * (stillX + (moved[at + beside] as number) - (moved[at - before] as number));
          const slopeY = 0.25 * (stillY + (moved[at + below] as number) - (moved[at - above] as number));
          const change = (moved[at] as number) - (still[at] as number);
          steep += stillX * stillX + stillY * stillY;
          xx += slopeX * slopeX;
          xy += slopeX * slopeY;
          yy += slopeY * slopeY;
          xt += slopeX * change;
          yt += slopeY * change;
          tt += change * change;
        }
        this.#calm[i] = 1 / (1 + edgeFreedom * Math.sqrt(steep));
        if (!isInside) continue;
        // Divided by the squared slope, the form is a squared distance in pixels, alike for all contrasts.
        const scale = 1 / (xx + yy + leastSlope * leastSlope);
        this.#xx[i] = scale * xx;
        this.#xy[i] = scale * xy;
        this.#yy[i] = scale * yy;
        // The form is of the flow itself, of which the pictures tell the change.
        const [u, v] = [dx[i] as number, dy[i] as number];
        this.#xt[i] = scale * (xt - xx * u - xy * v);
        this.#yt[i] = scale * (yt - xy * u - yy * v);
        this.#tt[i] = scale * (tt - 2 * (xt * u + yt * v) + xx * u * u + 2 * xy * u * v + yy * v * v);
      }
    }
  }

  /** Finds the robust weights for the flow as it is. */
  weigh(): void {
    const { width, height, dx, dy } = this.#flow;
    // Fields are read once, since the loop is a few additions for each of them.
    const [xx, xy, yy, xt, yt, tt] = [this.#xx, this.#xy, this.#yy, this.#xt, this.#yt, this.#tt];
    const [certainty, toRight, toBelow, calm] = [this.#certainty, this.#toRight, this.#toBelow, this.#calm];
    const between = (i: number, j: number) => {
      const across = (dx[j] as number) - (dx[i] as number);
      const down = (dy[j] as number) - (dy[i] as number);
      const change = Math.sqrt(across * across + down * down + gentleChange * gentleChange);
      return (smoothness * Math.min(calm[i] as number, calm[j] as number)) / change;
    };
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const u = dx[i] as number;
        const v = dy[i] as number;
        const distance =
          u * ((xx[i] as number) * u + 2 * (xy[i] as number) * v + 2 * (xt[i] as number)) +
          v * ((yy[i] as number) * v + 2 * (yt[i] as number)) +
          (tt[i] as number);
        certainty[i] = 1 / Math.sqrt(Math.max(0, distance) + certainDistance * certainDistance);
        toRight[i] = x < width - 1 ? between(i, i + 1) : 0;
        toBelow[i] = y < height - 1 ? between(i, i + width) : 0;
      }
    }
  }

  /** Moves each pixel's flow towards the solution of its own equations, in place. */
  sweep(): void {
    const { width, height, dx, dy } = this.#flow;
    const [xx, xy, yy, xt, yt] = [this.#xx, this.#xy, this.#yy, this.#xt, this.#yt];
    const [certainties, toRight, toBelow] = [this.#certainty, this.#toRight, this.#toBelow];
    for (let y = 0, i = 0; y < height; y++) {
      // Beyond the border nothing is weighed, so that any pixel may stand there.
      const up = y > 0 ? width : 0;
      const down = y < height - 1 ? width : 0;
      let left = 0;
      for (let x = 0; x < width; x++, i++) {
        const right = toRight[i] as number;
        const above = up > 0 ? (toBelow[i - width] as number) : 0;
        const below = toBelow[i] as number;
        const before = x > 0 ? i - 1 : i;
        const beside = x < width - 1 ? i + 1 : i;
        const certainty = certainties[i] as number;
        const neighbours = left + right + above + below;
        const a = certainty * (xx[i] as number) + neighbours;
        const b = certainty * (xy[i] as number);
        const d = certainty * (yy[i] as number) + neighbours;
        const first =
          left * (dx[before] as number) +
          right * (dx[beside] as number) +
          above * (dx[i - up] as number) +
          below * (dx[i + down] as number) -
          certainty * (xt[i] as number);
        const second =
          left * (dy[before] as number) +
          right * (dy[beside] as number) +
          above * (dy[i - up] as number) +
          below * (dy[i + down] as number) -
          certainty * (yt[i] as number);
        left = right;
        const determinant = a * d - b * b;
        if (!(determinant > 0)) continue;
        const scale = overRelaxation / determinant;
        dx[i] = (1 - overRelaxation) * (dx[i] as number) + scale * (d * first - b * second);
        dy[i] = (1 - overRelaxation) * (dy[i] as number) + scale * (a * second - b * first);
      }
    }
  }
}
