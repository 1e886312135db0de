import type { Rgb } from './color.js';
import type { Field } from './field.js';
import type { Noise } from './noise.js';

const channels = [0, 1, 2] as const;

/** One stroke of a brush; lengths are fractions of the canvas's side. */
export interface Stroke {
  readonly x: number;
  readonly y: number;
  /** Direction of the stroke, in radians. */
  readonly angle: number;
  readonly length: number;
  readonly width: number;
  /** How far the stroke's ends bend away from a straight line. */
  readonly bend: number;
  readonly color: Rgb;
}

/** A canvas with wet paint: the colour of each pixel (planar RGB), and how thick the paint lies there. */
export interface PaintedCanvas {
  readonly size: number;
  readonly data: Float32Array;
  readonly thickness: Field;
}

export function blankCanvas(size: number, [red, green, blue]: Rgb): PaintedCanvas {
  const pixels = size * size;
  const data = new Float32Array(3 * pixels);
  data
    .fill(red, 0, pixels)
    .fill(green, pixels, 2 * pixels)
    .fill(blue, 2 * pixels);
  return { size, data, thickness: { size, values: new Float32Array(pixels) } };
}

/**
 * Paints a stroke over what is painted already. Each bristle, a line of the noise along the stroke, leaves its own
 * amount of paint, and the brush runs dry towards the end.
 */
export function paintStroke(canvas: PaintedCanvas, stroke: Stroke, bristles: Noise): void {
  const { size, data, thickness } = canvas;
  const { angle, length, width, bend, color } = stroke;
  const pixels = size * size;
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  const reach = length / 2 + width + Math.abs(bend);
  const first = (centre: number) => Math.max(0, Math.floor((centre - reach) * size));
  const last = (centre: number) => Math.min(size - 1, Math.ceil((centre + reach) * size));
  // Every stroke takes its bristles from another part of the noise.
  const offset = 50 * stroke.x + 90 * stroke.y;
  for (let row = first(stroke.y); row <= last(stroke.y); row++) {
    for (let column = first(stroke.x); column <= last(stroke.x); column++) {
      const dx = (column + 0.5) / size - stroke.x;
      const dy = (row + 0.5) / size - stroke.y;
      const along = (dx * cosine + dy * sine) / (length / 2);
      const across = (dy * cosine - dx * sine - bend * along * along) / (width / 2);
      if (Math.abs(across) > 1 || Math.abs(along) > 1) continue;
      const bristle = bristles(across * 3.5 + offset, along * 1.1 + offset);
      const ragged = 1 - 0.22 * Math.abs(bristle) - across ** 4 * 0.12;
      const cover = Math.min(1, 14 * (ragged - Math.abs(along)), 9 * (1 - Math.abs(across)));
      const dry = 1.25 - 0.55 * (along + 1) * 0.5 + 0.7 * bristle;
      const opacity = Math.max(0, Math.min(1, cover) * Math.min(1, dry));
      if (opacity === 0) continue;
      const pixel = row * size + column;
      const light = 1 + 0.14 * bristle;
      for (const channel of channels) {
        const index = channel * pixels + pixel;
        const before = data[index] as number;
        data[index] = before + (color[channel] * light - before) * opacity;
      }
      const height = width * (0.1 + 0.09 * bristle + 0.08 * across ** 6);
      const under = thickness.values[pixel] as number;
      thickness.values[pixel] = under + (0.3 * under + height - under) * opacity;
    }
  }
}
