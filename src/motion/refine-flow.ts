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
const sweeps = 12;

/** Factor by which a sweep goes beyond each pixel's own solution (successive over-relaxation, Young 1954). */
const overRelaxation = 1.8;

/**
 * Improves flows from one picture to another, by steps of warping: what the moved second picture still differs by tells how
 * far pixels are off, as far as their slopes tell, and neighbours fill in for each other. Both count robustly, so that a
 * pixel that is covered in one picture, and a border between motions, are given up instead of spread.
 */
export class FlowRefiner {
  readonly #from: RgbImage;
  readonly #to: RgbImage;
  /** How smooth the flow has to be at each pixel, as far as the first picture tells. */
  readonly #calm: Float32Array;
  /** The linear equations of the flow: for each pixel its two, solved for it, and how smooth the flow has to be beside it. */
  readonly #equations: Float32Array;

  /** @param from - the picture whose pixels are followed; @param to - the one that they are looked for in, of its size. */
  constructor(from: RgbImage, to: RgbImage) {
    this.#from = from;
    this.#to = to;
    this.#calm = calmOf(from);
    this.#equations = new Float32Array(perPixel * from.width * from.height);
  }

  /** Improves a flow in place, by one step. */
  refine(flow: Flow): void {
    this.#setUp(flow);
    for (let sweep = 0; sweep < sweeps; sweep++) this.#sweep(flow);
  }

  /** Sets the equations up for a flow as it is, with the robust weights that it has. */
  #setUp(flow: Flow): void {
    const { width, height, dx, dy } = flow;
    const pixels = width * height;
    // Fields are read once, since the loop is a few additions for each of them.
    const [calm, equations, still] = [this.#calm, this.#equations, this.#from.data];
    const moved = warp(this.#to, flow).data;
    for (let y = 0, i = 0; y < height; y++) {
      const above = y > 0 ? width : 0;
      const below = y < height - 1 ? width : 0;
      for (let x = 0; x < width; x++, i++) {
        const before = x > 0 ? 1 : 0;
        const beside = x < width - 1 ? 1 : 0;
        const u = dx[i] as number;
        const v = dy[i] as number;
        const toRight = beside > 0 ? smoothnessBetween(flow, calm, i, i + 1) : 0;
        const toBelow = below > 0 ? smoothnessBetween(flow, calm, i, i + width) : 0;
        const to = perPixel * i;
        equations[to + 5] = toRight;
        equations[to + 6] = toBelow;
        const fromLeft = before > 0 ? (equations[to - perPixel + 5] as number) : 0;
        const fromAbove = above > 0 ? (equations[to - perPixel * width + 6] as number) : 0;
        const neighbours = toRight + toBelow + fromLeft + fromAbove;
        let xx = 0;
        let xy = 0;
        let yy = 0;
        let xt = 0;
        let yt = 0;
        let tt = 0;
        if (x + u >= 0 && x + u <= width - 1 && y + v >= 0 && y + v <= height - 1) {
          for (let at = i; at < 3 * pixels; at += pixels) {
            // The error is of second order with the mean of both pictures' slopes.
            const stillX = (still[at + beside] as number) - (still[at - before] as number);
            const stillY = (still[at + below] as number) - (still[at - above] as number);
            const slopeX = 0.25 * (stillX + (moved[at + beside] as number) - (moved[at - before] as number));
            const slopeY = 0.25 * (stillY + (moved[at + below] as number) - (moved[at - above] as number));
            const change = (moved[at] as number) - (still[at] as number);
            xx += slopeX * slopeX;
            xy += slopeX * slopeY;
            yy += slopeY * slopeY;
            xt += slopeX * change;
            yt += slopeY * change;
            tt += change * change;
          }
        }
        // Divided by the squared slope, the form is a squared distance in pixels, alike for all contrasts.
        const scale = 1 / (xx + yy + leastSlope * leastSlope);
        const certainty = scale / Math.sqrt(scale * tt + certainDistance * certainDistance);
        const a = certainty * xx + neighbours;
        const b = certainty * xy;
        const d = certainty * yy + neighbours;
        const determinant = a * d - b * b;
        const solved = determinant > 0 ? overRelaxation / determinant : 0;
        equations[to] = solved * d;
        equations[to + 1] = -solved * b;
        equations[to + 2] = solved * a;
        // The equations are of the flow itself, of which the pictures tell the change.
        equations[to + 3] = certainty * (xx * u + xy * v - xt);
        equations[to + 4] = certainty * (xy * u + yy * v - yt);
      }
    }
  }

  /** Moves each pixel's flow towards the solution of its own equations, in place. */
  #sweep({ width, height, dx, dy }: Flow): void {
    const equations = this.#equations;
    for (let y = 0, i = 0; y < height; y++) {
      // Beyond the border nothing is weighed, so that any pixel may stand there.
      const up = y > 0 ? width : 0;
      const down = y < height - 1 ? width : 0;
      // The pixel to the left was solved last. What is at hand needn't be read again, which is what takes the time.
      let left = 0;
      let leftX = 0;
      let leftY = 0;
      for (let x = 0; x < width; x++, i++) {
        const at = perPixel * i;
        const right = equations[at + 5] as number;
        const above = up > 0 ? (equations[at - perPixel * width + 6] as number) : 0;
        const below = equations[at + 6] as number;
        const beside = x < width - 1 ? i + 1 : i;
        const first =
          right * (dx[beside] as number) +
          above * (dx[i - up] as number) +
          below * (dx[i + down] as number) +
          (equations[at + 3] as number) +
          left * leftX;
        const second =
          right * (dy[beside] as number) +
          above * (dy[i - up] as number) +
          below * (dy[i + down] as number) +
          (equations[at + 4] as number) +
          left * leftY;
        left = right;
        const across = equations[at + 1] as number;
        leftX = (1 - overRelaxation) * (dx[i] as number) + (equations[at] as number) * first + across * second;
        leftY = (1 - overRelaxation) * (dy[i] as number) + across * first + (equations[at + 2] as number) * second;
        dx[i] = leftX;
        dy[i] = leftY;
      }
    }
  }
}

/** Numbers of the equations for each pixel: three of the inverse matrix, two of the right side, two of smoothness. */
const perPixel = 7;

/** Returns how smooth a flow has to be at each pixel of a picture: less at the picture's edges. */
function calmOf({ width, height, data }: RgbImage): Float32Array {
  const pixels = width * height;
  const calm = new Float32Array(pixels);
  for (let y = 0, i = 0; y < height; y++) {
    const above = y > 0 ? width : 0;
    const below = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++, i++) {
      const before = x > 0 ? 1 : 0;
      const beside = x < width - 1 ? 1 : 0;
      let steep = 0;
      for (let at = i; at < 3 * pixels; at += pixels) {
        const across = (data[at + beside] as number) - (data[at - before] as number);
        const down = (data[at + below] as number) - (data[at - above] as number);
        steep += across * across + down * down;
      }
      calm[i] = 1 / (1 + edgeFreedom * Math.sqrt(steep));
    }
  }
  return calm;
}

/** Returns how smooth a flow has to be between two pixels: less where it changes, as at borders between motions. */
function smoothnessBetween({ dx, dy }: Flow, calm: Float32Array, i: number, j: number): number {
  const across = (dx[j] as number) - (dx[i] as number);
  const down = (dy[j] as number) - (dy[i] as number);
  const change = Math.sqrt(across * across + down * down + gentleChange * gentleChange);
  return (smoothness * Math.min(calm[i] as number, calm[j] as number)) / change;
}
