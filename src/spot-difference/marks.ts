import { type Color, drawLettering, type LetteringStyle, measureLettering } from '../imaging/lettering.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { DifferingRegion } from './regions.js';

/** Colour of circles and plates: it is seen on nearly every picture, also by people who don't tell red from green. */
const lineColor: Color = [1, 0.85, 0.1];
const edgeColor: Color = [0, 0, 0];
const channels = [0, 1, 2] as const;

/** An ellipse with upright axes around the centre (x, y), in pixels. */
interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Circles regions of a picture and numbers them from 1. A circle is a bright line between two dark ones, and its number
 * is on a plate beside it, where the plate hides neither a region nor another number if that is possible.
 * @param image - the picture, which is changed.
 */
export function drawMarks(image: RgbImage, regions: readonly DifferingRegion[]): void {
  const side = Math.max(image.width, image.height);
  const lineWidth = Math.max(1.5, side / 260);
  const style: LetteringStyle = {
    scale: Math.max(1, Math.round(side / 320)),
    color: edgeColor,
    backingColor: lineColor,
  };
  const ellipses = regions.map((region) => around(region, 2 * lineWidth + 2));
  for (const ellipse of ellipses) drawEllipse(image, ellipse, lineWidth);
  const taken: Box[] = [...regions];
  for (const [index, ellipse] of ellipses.entries()) {
    const number = String(index + 1);
    const box = leastHidingBox(image, ellipse, measureLettering(number, style), taken);
    taken.push(box);
    drawLettering(image, number, box, style);
  }
}

/** Returns an ellipse that passes about through the corners of a region, with some room. */
function around({ left, top, width, height }: DifferingRegion, room: number): Ellipse {
  // Through the corners themselves the ellipse would be √2 times the region; regions seldom fill their corners.
  const radius = (length: number) => 0.6 * length + room;
  return { x: left + width / 2, y: top + height / 2, radiusX: radius(width), radiusY: radius(height) };
}

function drawEllipse({ width, height, data }: RgbImage, ellipse: Ellipse, lineWidth: number): void {
  const { x: centreX, y: centreY, radiusX, radiusY } = ellipse;
  const reach = 2 * lineWidth + 1;
  const pixels = width * height;
  const last = {
    x: Math.min(width - 1, centreX + radiusX + reach),
    y: Math.min(height - 1, centreY + radiusY + reach),
  };
  for (let y = Math.max(0, Math.floor(centreY - radiusY - reach)); y <= last.y; y++) {
    for (let x = Math.max(0, Math.floor(centreX - radiusX - reach)); x <= last.x; x++) {
      const distance = Math.abs(distanceTo(ellipse, x + 0.5, y + 0.5));
      const edge = coverage(lineWidth - distance);
      if (edge === 0) continue;
      const line = coverage(lineWidth / 2 - distance);
      for (const channel of channels) {
        const i = channel * pixels + y * width + x;
        const below = mixed(data[i] as number, edgeColor[channel], edge);
        data[i] = mixed(below, lineColor[channel], line);
      }
    }
  }
}

/** Distance of a point from an ellipse's line in pixels, to first order; it is negative inside. */
function distanceTo({ x, y, radiusX, radiusY }: Ellipse, px: number, py: number): number {
  const dx = (px - x) / radiusX;
  const dy = (py - y) / radiusY;
  const radius = Math.hypot(dx, dy);
  const slope = Math.hypot(dx / radiusX, dy / radiusY);
  return slope === 0 ? -Math.min(radiusX, radiusY) : (radius * (radius - 1)) / slope;
}

/** Share of a pixel that a shape covers if its centre lies `depth` pixels inside of the edge. */
function coverage(depth: number): number {
  return Math.min(1, Math.max(0, depth + 0.5));
}

function mixed(from: number, to: number, share: number): number {
  return from + share * (to - from);
}

/** Finds the box around an ellipse, inside of the picture, in which a plate hides least of what is there. */
function leastHidingBox(
  image: RgbImage,
  ellipse: Ellipse,
  size: { width: number; height: number },
  taken: readonly Box[],
): Box {
  let best: { box: Box; hidden: number } | undefined;
  // Angles in degrees: first the four corners, from the upper right on, then above, below, right and left.
  for (const angle of [-45, -135, 45, 135, -90, 90, 0, 180]) {
    const cos = Math.cos((angle * Math.PI) / 180);
    const sin = Math.sin((angle * Math.PI) / 180);
    const wantedX = ellipse.x + cos * (ellipse.radiusX + size.width / 2);
    const wantedY = ellipse.y + sin * (ellipse.radiusY + size.height / 2);
    const within = (middle: number, length: number, whole: number) =>
      Math.max(0, Math.min(whole - length, Math.round(middle - length / 2)));
    const box = {
      left: within(wantedX, size.width, image.width),
      top: within(wantedY, size.height, image.height),
      ...size,
    };
    const hidden = taken.reduce((sum, other) => sum + common(box, other), 0);
    if (!best || hidden < best.hidden) best = { box, hidden };
  }
  return best?.box ?? { left: 0, top: 0, ...size };
}

/** How many pixels two boxes share. */
function common(a: Box, b: Box): number {
  const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, across) * Math.max(0, down);
}
