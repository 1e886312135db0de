import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { Color, Layer, Point, Scene } from './scene.js';

/** The photographs that scenes are made of. */
export interface Photographs {
  readonly chelsea: RgbImage;
  readonly coffee: RgbImage;
  readonly astronaut: RgbImage;
}

/** The scenes that are measured: two of photographs, whose motion is known, and two animations as people post them. */
export function scenesOf({ chelsea, coffee, astronaut }: Photographs): Readonly<Record<string, Scene>> {
  return {
    travel: [
      photograph(chelsea, 1.5, (time) => ({
        turn: 0.12 * wave(time),
        zoom: 1 + 0.08 * wave(time + 0.2),
        x: 0.09 * wave(time + 0.1),
        y: 0.06 * wave(time + 0.4),
      })),
      disc(coffee, 0.2, (time) => [0.5 + 0.24 * wave(time), 0.55 + 0.2 * wave(time + 0.25)]),
    ],
    still: [
      photograph(coffee, 1.1, () => ({ turn: 0, zoom: 1, x: 0, y: 0 })),
      disc(astronaut, 0.22, (time) => [0.5 + 0.26 * wave(time), 0.5 + 0.22 * wave(time + 0.25)]),
    ],
    ball: [room, shadow, ball],
    flag: [sky, pole, flag],
  };
}

function wave(time: number): number {
  return Math.sin(2 * Math.PI * time);
}

/** A photograph that fills the picture, and is moved, turned and zoomed about its middle. */
function photograph(
  picture: RgbImage,
  enlarged: number,
  motion: (time: number) => { readonly turn: number; readonly zoom: number; readonly x: number; readonly y: number },
): Layer {
  return {
    color: (point) => [...sample(picture, point, enlarged), 1],
    place: ([x, y], time) => {
      const { turn, zoom, ...shift } = motion(time);
      const [cosine, sine] = [zoom * Math.cos(turn), zoom * Math.sin(turn)];
      const [a, b] = [x - 0.5, y - 0.5];
      return [0.5 + shift.x + cosine * a - sine * b, 0.5 + shift.y + sine * a + cosine * b];
    },
    pointAt: ([x, y], time) => {
      const { turn, zoom, ...shift } = motion(time);
      const [cosine, sine] = [Math.cos(turn) / zoom, Math.sin(turn) / zoom];
      const [a, b] = [x - 0.5 - shift.x, y - 0.5 - shift.y];
      return [0.5 + cosine * a + sine * b, 0.5 - sine * a + cosine * b];
    },
  };
}

/** A round piece of a photograph that moves about. */
function disc(picture: RgbImage, radius: number, centre: (time: number) => Point): Layer {
  return moved(centre, ([x, y]) => {
    const isInside = Math.hypot(x, y) < radius;
    return isInside ? [...sample(picture, [0.5 + x, 0.35 + y], 1.3), 1] : nothing;
  });
}

const nothing: Color = [0, 0, 0, 0];

function moved(centre: (time: number) => Point, color: (point: Point) => Color): Layer {
  return {
    color,
    place: ([x, y], time) => {
      const [left, top] = centre(time);
      return [x + left, y + top];
    },
    pointAt: ([x, y], time) => {
      const [left, top] = centre(time);
      return [x - left, y - top];
    },
  };
}

function still(color: (point: Point) => Color): Layer {
  return { color, place: (point) => point, pointAt: (place) => place };
}

/** A wall and a floor of flat colours, as in drawn animations, with a window that has some detail. */
const room = still(([x, y]) => {
  if (y > 0.78) return Math.floor(x * 8) % 2 === 0 ? [0.55, 0.35, 0.2, 1] : [0.62, 0.41, 0.25, 1];
  if (x > 0.62 && x < 0.9 && y > 0.14 && y < 0.44) {
    const isFrame =
      Math.abs(x - 0.76) < 0.012 || Math.abs(y - 0.29) < 0.012 || x < 0.64 || x > 0.88 || y < 0.16 || y > 0.42;
    return isFrame ? [0.95, 0.95, 0.92, 1] : [0.45, 0.7, 0.95, 1];
  }
  return [0.93, 0.84, 0.62, 1];
});

/** Height of a bouncing ball above the floor, from 0 to 1. */
function height(time: number): number {
  const phase = 2 * ((2 * time) % 1) - 1;
  return 1 - phase * phase;
}

function across(time: number): number {
  return 0.4 + 0.18 * wave(time);
}

const shadow = moved(
  (time) => [across(time), 0.86],
  ([x, y]) => {
    return (x / 0.13) ** 2 + (y / 0.03) ** 2 < 1 ? [0.3, 0.18, 0.1, 1] : nothing;
  },
);

/** A ball with a face. */
const ball = moved(
  (time) => [across(time), 0.7 - 0.35 * height(time)],
  ([x, y]) => {
    if (Math.hypot(x, y) > 0.15) return nothing;
    if (Math.hypot(x - 0.05, y + 0.04) < 0.025 || Math.hypot(x + 0.05, y + 0.04) < 0.025) return [0.1, 0.1, 0.15, 1];
    const radius = Math.hypot(x, y - 0.01);
    if (radius > 0.07 && radius < 0.09 && y > 0.03) return [0.5, 0.05, 0.1, 1];
    return [0.9, 0.25, 0.2, 1];
  },
);

const sky = still(([x, y]) => {
  const isHill = y > 0.8 + 0.06 * Math.sin(7 * x);
  return isHill ? [0.3, 0.55, 0.25, 1] : [0.5 + 0.3 * y, 0.7 + 0.2 * y, 0.95, 1];
});

const pole = still(([x, y]) => (Math.abs(x - 0.2) < 0.015 && y > 0.12 ? [0.4, 0.3, 0.25, 1] : nothing));

/** How far a flag lies above its place of rest, at a distance from its pole. */
function lift(x: number, time: number): number {
  return 0.05 * Math.min(1, Math.max(0, x) / 0.3) * Math.sin(2 * Math.PI * (2 * x - time));
}

/** A flag of three stripes with a star that waves from its pole. */
const flag: Layer = {
  color: ([x, y]) => {
    if (x < 0.215 || x > 0.85 || y < 0.18 || y > 0.58) return nothing;
    const angle = Math.atan2(y - 0.38, x - 0.53);
    if (Math.hypot(x - 0.53, y - 0.38) < 0.07 + 0.035 * Math.cos(5 * angle + Math.PI / 2)) return [0.98, 0.85, 0.2, 1];
    const stripe = Math.floor((y - 0.18) / 0.1334);
    return stripe === 0 ? [0.75, 0.1, 0.2, 1] : stripe === 1 ? [0.95, 0.95, 0.95, 1] : [0.1, 0.2, 0.55, 1];
  },
  place: ([x, y], time) => [x, y + lift(x - 0.2, time)],
  pointAt: ([x, y], time) => [x, y - lift(x - 0.2, time)],
};

/** Returns the colour of a photograph at a point, bilinearly; it is mirrored at its borders. */
function sample({ width, height: rows, data }: RgbImage, [x, y]: Point, enlarged: number): [number, number, number] {
  const scale = Math.min(width, rows) / enlarged;
  const left = mirrored((width - scale) / 2 + x * scale - 0.5, width - 1);
  const top = mirrored((rows - scale) / 2 + y * scale - 0.5, rows - 1);
  const [column, row] = [Math.min(Math.floor(left), width - 2), Math.min(Math.floor(top), rows - 2)];
  const [right, lower] = [left - column, top - row];
  const at = (channel: number) => {
    const i = (channel * rows + row) * width + column;
    const upper = (1 - right) * (data[i] ?? 0) + right * (data[i + 1] ?? 0);
    return (1 - lower) * upper + lower * ((1 - right) * (data[i + width] ?? 0) + right * (data[i + width + 1] ?? 0));
  };
  return [at(0), at(1), at(2)];
}

function mirrored(position: number, last: number): number {
  const folded = Math.abs(position) % (2 * last);
  return folded > last ? 2 * last - folded : folded;
}
