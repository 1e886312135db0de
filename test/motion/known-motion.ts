import type { RgbImage } from '../../src/imaging/rgb-image.js';

/** A colour at each point of the plane, smooth enough to be sampled at whole pixels. */
export type Pattern = (x: number, y: number) => readonly [number, number, number];

/** Returns a pattern that has structure everywhere, and repeats itself nowhere near. */
export function busyPattern(seed: number): Pattern {
  const waves = Array.from({ length: 14 }, (_, index) => {
    const angle = 2.4 * index + seed;
    const frequency = 0.07 + 0.03 * index + 0.01 * (seed % 5);
    return { x: frequency * Math.cos(angle), y: frequency * Math.sin(angle), phase: 1.7 * index * (1 + seed) };
  });
  const at = (x: number, y: number, channel: number) => {
    const sum = waves.reduce(
      (total, wave, index) => total + Math.sin(wave.x * x + wave.y * y + wave.phase + channel * index),
      0,
    );
    return 0.5 + 0.09 * sum;
  };
  return (x, y) => [at(x, y, 0), at(x, y, 0.4), at(x, y, 0.9)];
}

/** Draws a picture whose pixels have the colours of a function of them. */
export function drawn(width: number, height: number, color: Pattern): RgbImage {
  const pixels = width * height;
  const data = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (const [channel, value] of color(i % width, Math.floor(i / width)).entries())
      data[channel * pixels + i] = value;
  }
  return { width, height, data };
}
