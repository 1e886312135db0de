import type { Plane } from '../../src/imaging/plane.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { Flow } from '../../src/motion/flow.js';

/** A point, in units of the picture's sides: (0, 0) is the left upper corner, (1, 1) the right lower one. */
export type Point = readonly [x: number, y: number];

/** Red, green, blue and opacity, from 0 to 1. */
export type Color = readonly [red: number, green: number, blue: number, opacity: number];

/** Something that moves as a whole: what it looks like at each of its own points, and where these are at a time. */
export interface Layer {
  readonly color: (point: Point) => Color;
  /** Returns where one of its points lies in the picture at a time, which goes from 0 to 1 in a loop. */
  readonly place: (point: Point, time: number) => Point;
  /** Returns which of its points lies at a place, the inverse of `place`. */
  readonly pointAt: (place: Point, time: number) => Point;
}

/** A scene: layers from the back to the front, of which the first one fills the picture. */
export type Scene = readonly Layer[];

/** What is known of a frame of a scene. */
export interface Truth {
  /** Where each pixel lies in the frame before. */
  readonly back: Flow;
  /** 1 where a pixel is seen in the frame before, too; 0 where something hid it, or it lay outside. */
  readonly visible: Plane;
}

/** Samples of a pixel along each side. */
const samples = 3;

/** Draws a frame of a scene at a time. */
export function drawScene(scene: Scene, side: number, time: number): RgbImage {
  const pixels = side * side;
  const data = new Float32Array(3 * pixels);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let sample = 0; sample < samples ** 2; sample++) {
        const place: Point = [
          (x + ((sample % samples) + 0.5) / samples) / side,
          (y + (Math.floor(sample / samples) + 0.5) / samples) / side,
        ];
        for (const [channel, value] of colorAt(scene, place, time).entries()) {
          const i = channel * pixels + y * side + x;
          data[i] = (data[i] as number) + value / samples ** 2;
        }
      }
    }
  }
  return { width: side, height: side, data };
}

/** Returns where the pixels of a frame at a time were at an earlier time, and which of them were seen then. */
export function truthOf(scene: Scene, side: number, earlier: number, later: number): Truth {
  const size = { width: side, height: side };
  const [dx, dy, visible] = [new Float32Array(side ** 2), new Float32Array(side ** 2), new Float32Array(side ** 2)];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const place: Point = [(x + 0.5) / side, (y + 0.5) / side];
      const layer = layerAt(scene, place, later);
      const [thenX, thenY] = layer.place(layer.pointAt(place, later), earlier);
      const i = y * side + x;
      dx[i] = side * (thenX - place[0]);
      dy[i] = side * (thenY - place[1]);
      const isInside = thenX >= 0 && thenX <= 1 && thenY >= 0 && thenY <= 1;
      visible[i] = isInside && layerAt(scene, [thenX, thenY], earlier) === layer ? 1 : 0;
    }
  }
  return { back: { ...size, dx, dy }, visible: { ...size, data: visible } };
}

function layerAt(scene: Scene, place: Point, time: number): Layer {
  const seen = scene.findLast((layer) => layer.color(layer.pointAt(place, time))[3] > 0.5) ?? scene[0];
  if (!seen) throw new Error('Expected a scene to have a layer, got none');
  return seen;
}

function colorAt(scene: Scene, place: Point, time: number): readonly [number, number, number] {
  let [red, green, blue] = [0, 0, 0];
  for (const layer of scene) {
    const [r, g, b, opacity] = layer.color(layer.pointAt(place, time));
    red += opacity * (r - red);
    green += opacity * (g - green);
    blue += opacity * (b - blue);
  }
  return [red, green, blue];
}
