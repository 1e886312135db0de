/**
 * Arithmetic on long vectors: Float32Array values, sums in double precision. What an optimiser does between evaluations is
 * bound by passes over memory and by conversions between the two precisions, so the loops are unrolled, and what can be
 * computed in one pass is. The order of additions is fixed: results are the same on every run.
 */

/** The inner product aᵀb. */
export function dot(a: Float32Array | Float64Array, b: Float32Array): number {
  const length = a.length;
  const whole = length - (length % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < whole; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = whole; i < length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}

/** The Euclidean norm ‖a‖₂. */
export function norm(a: Float32Array): number {
  return Math.sqrt(dot(a, a));
}

/** y ← y + scale · x, and then yᵀb for the new y, in one pass. */
export function addScaledThenDot(y: Float64Array, scale: number, x: Float32Array, b: Float32Array): number {
  const length = y.length;
  const whole = length - (length % 2);
  let s0 = 0;
  let s1 = 0;
  for (let i = 0; i < whole; i += 2) {
    const even = (y[i] as number) + scale * (x[i] as number);
    const odd = (y[i + 1] as number) + scale * (x[i + 1] as number);
    y[i] = even;
    y[i + 1] = odd;
    s0 += even * (b[i] as number);
    s1 += odd * (b[i + 1] as number);
  }
  for (let i = whole; i < length; i++) {
    y[i] = (y[i] as number) + scale * (x[i] as number);
    s0 += (y[i] as number) * (b[i] as number);
  }
  return s0 + s1;
}

/** out ← x + scale · direction. */
export function stepFrom(out: Float32Array, x: Float32Array, scale: number, direction: Float32Array): void {
  const length = out.length;
  const whole = length - (length % 4);
  for (let i = 0; i < whole; i += 4) {
    out[i] = (x[i] as number) + scale * (direction[i] as number);
    out[i + 1] = (x[i + 1] as number) + scale * (direction[i + 1] as number);
    out[i + 2] = (x[i + 2] as number) + scale * (direction[i + 2] as number);
    out[i + 3] = (x[i + 3] as number) + scale * (direction[i + 3] as number);
  }
  for (let i = whole; i < length; i++) out[i] = (x[i] as number) + scale * (direction[i] as number);
}

/** The points and gradients at both ends of a step. */
export interface StepEnds {
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly gradientFrom: Float32Array;
  readonly gradientTo: Float32Array;
}

/** s ← to − from and y ← gradientTo − gradientFrom; returns sᵀs, sᵀy and yᵀy. All in one pass. */
export function differences(s: Float32Array, y: Float32Array, { from, to, gradientFrom, gradientTo }: StepEnds) {
  let ss = 0;
  let sy = 0;
  let yy = 0;
  for (let i = 0; i < s.length; i++) {
    const ds = (to[i] as number) - (from[i] as number);
    const dy = (gradientTo[i] as number) - (gradientFrom[i] as number);
    s[i] = ds;
    y[i] = dy;
    ss += ds * ds;
    sy += ds * dy;
    yy += dy * dy;
  }
  return { ss, sy, yy };
}

/** Whether every value is a finite number. */
export function allFinite(a: Float32Array): boolean {
  // The sum is NaN as soon as a value is NaN or infinite (∞ · 0), and cheaper than asking for each.
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * 0;
  return sum === 0;
}
