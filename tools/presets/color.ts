/** Red, green and blue in [0, 1], in sRGB. */
export type Rgb = readonly [number, number, number];

/** Returns the colour of a hexadecimal notation such as `#0a1b2c`. */
export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Returns a colour between two. @param share - how much of the second one is in it; clamped to [0, 1]. */
export function mix(first: Rgb, second: Rgb, share: number): Rgb {
  const part = clamp(share);
  return [
    first[0] + (second[0] - first[0]) * part,
    first[1] + (second[1] - first[1]) * part,
    first[2] + (second[2] - first[2]) * part,
  ];
}

/** Returns a colour with light added, which never exceeds white: 1 − (1 − a)(1 − b). */
export function screen(color: Rgb, light: Rgb, strength: number): Rgb {
  const part = clamp(strength);
  return [
    1 - (1 - color[0]) * (1 - light[0] * part),
    1 - (1 - color[1]) * (1 - light[1] * part),
    1 - (1 - color[2]) * (1 - light[2] * part),
  ];
}

/** Returns a colour made brighter or darker by a factor. */
export function scaled(color: Rgb, factor: number): Rgb {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

/** Returns a gradient: a function from a position in [0, 1] to a colour. The given colours are evenly spaced in it. */
export function ramp(...hexes: readonly string[]): (position: number) => Rgb {
  const stops = hexes.map(rgb);
  const last = stops.length - 1;
  return (position) => {
    const along = clamp(position) * last;
    const index = Math.min(Math.floor(along), last - 1);
    return mix(stops[index] ?? [0, 0, 0], stops[index + 1] ?? [0, 0, 0], along - index);
  };
}

export function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

/** Returns a number that rises smoothly from 0 to 1 as `value` goes from `from` to `to`; `from` may be the larger. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}
