/** How a picture's values stand for light. */
export interface TransferFunction {
  /**
   * Turns a value in [0, 1] into linear light in [0, 1], where 1 is white; with `range: 'pq'`, into multiples of
   * {@link referenceWhite}; with `range: 'hlg'`, into the light of the scene, which a screen has yet to make light of.
   */
  readonly toLinear: (value: number) => number;
  /** Whether the picture goes up to white, or has highlights beyond it (BT.2100). */
  readonly range: 'standard' | 'pq' | 'hlg';
}

/** Luminance of white in pictures with highlights beyond it, in cd/m² (BT.2408). */
export const referenceWhite = 203;

export function standard(toLinear: (value: number) => number): TransferFunction {
  return { toLinear, range: 'standard' };
}

export function power(exponent: number): TransferFunction {
  return standard((value) => value ** exponent);
}

/** A power with a straight line near black: (a·v + b)^exponent from the value `from` on, and slope·v below it. */
function powerWithLine(exponent: number, a: number, slope: number, from: number): TransferFunction {
  return standard((value) => (value < from ? slope * value : (a * value + 1 - a) ** exponent));
}

export const linear = power(1);
export const srgb = powerWithLine(2.4, 1 / 1.055, 1 / 12.92, 0.04045);
/** What screens make of BT.709, BT.601 and BT.2020 (BT.1886); the inverse of cameras' curves would be brighter. */
export const bt1886 = power(2.4);
export const smpte240 = powerWithLine(1 / 0.45, 1 / 1.1115, 1 / 4, 0.0912);
/** SMPTE ST 428: 48 cd/m² of 52.37 are white. */
export const smpte428 = standard((value) => Math.min(1, (52.37 / 48) * value ** 2.6));

/** SMPTE ST 2084: values stand for luminances of up to 10 000 cd/m². */
export const pq: TransferFunction = {
  range: 'pq',
  toLinear: (value) => {
    const root = value ** (32 / 2523);
    const ratio = Math.max(root - 3424 / 4096, 0) / (2413 / 128 - (2392 / 128) * root);
    return (10_000 * ratio ** (16_384 / 2610)) / referenceWhite;
  },
};

/** Hybrid log-gamma (BT.2100, table 5): the inverse of its OETF. */
export const hlg: TransferFunction = {
  range: 'hlg',
  toLinear: (value) => {
    const a = 0.178_832_77;
    const [b, c] = [1 - 4 * a, 0.5 - a * Math.log(4 * a)];
    return value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - c) / a) + b) / 12;
  },
};
