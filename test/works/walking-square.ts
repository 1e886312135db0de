import { type Drawing, drawnGif, drawnPng, drawnWebp } from '../imaging/animation/drawn-animations.js';

/**
 * A red square on green that goes a step to the right with each frame, and begins again after eight. Each is shown for 100 ms,
 * and 64×48 pixels large.
 */
function frames(count: number, ground: string) {
  const steps = Array.from({ length: Math.min(8, count) }, (_, step) => {
    const row = (y: number) =>
      Array.from({ length: 8 }, (__, x) => (x === step && (y === 2 || y === 3) ? 'R' : ground)).join('');
    const drawing: Drawing = Array.from({ length: 6 }, (__, y) => row(y));
    return { drawing, delayMs: 100, disposal: 'clear' as const };
  });
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => steps[index % 8] ?? []);
}

/** Returns a GIF of a walking square. */
export function walkingSquare(count: number): Buffer {
  return drawnGif({ width: 8, height: 6, loops: 0, frames: frames(count, 'G') });
}

/** Returns a PNG of a walking square, which moves. */
export function walkingPng(count: number): Buffer {
  return drawnPng({ width: 8, height: 6, frames: frames(count, 'G') });
}

/** Returns a WebP of a square that walks over nothing. */
export function walkingOverNothing(count: number): Promise<Buffer> {
  return drawnWebp({ width: 8, height: 6, loops: 0, frames: frames(count, '.') });
}
