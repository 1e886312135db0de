import { voronoi } from '../cells.js';
import { clamp, mix, ramp, rgb, screen, smoothStep } from '../color.js';
import { type Drawing, field, lit, picture } from '../field.js';
import { fractalNoise, warp } from '../noise.js';

const obsidian = ramp('#050308', '#1c1428', '#3f3254', '#75678d', '#b9b0c9', '#f3f0f8');

/** Obsidian: knapped black glass, each flake rippled by the blow that made it, with edges that catch the light. */
export const dragonglass: Drawing = (size) => {
  const bend = warp(31, 2.5, 0.05, 2);
  const flakes = voronoi(32, 5.5);
  const sheen = fractalNoise(33, 3);
  const flakeOf = (x: number, y: number) => {
    const point = bend(x, y);
    return flakes(point.x, point.y);
  };
  const height = field(size, (x, y) => {
    const flake = flakeOf(x, y);
    const [turn, depth, shift] = flake.random;
    // Each flake is hollow like a shell; its ripples run in circles around a point at its rim.
    const angle = 2 * Math.PI * turn;
    const reach = Math.hypot(flake.dx - 0.13 * Math.cos(angle), flake.dy - 0.13 * Math.sin(angle));
    const ripple = 0.0022 * Math.sin(reach * (170 + 90 * shift)) * smoothStep(0.26, 0.03, reach);
    const bowl = (1.6 + 2.2 * depth) * (flake.dx ** 2 + flake.dy ** 2);
    return bowl + ripple + 0.9 * ((shift - 0.5) * flake.dx + (turn - 0.5) * flake.dy);
  });
  const { diffuse, halfway } = lit(height, { angle: -0.7 * Math.PI, elevation: 0.45 });
  return picture(size, (x, y, pixel) => {
    const flake = flakeOf(x, y);
    const shine = halfway[pixel] ?? 0;
    const tone = 0.03 + 0.8 * (diffuse[pixel] ?? 0) ** 1.2 + 0.16 * sheen(x * 4, y * 4);
    let color = obsidian(clamp(tone));
    color = screen(color, rgb('#cfc4ff'), 0.9 * shine ** 40);
    const edge = smoothStep(0.0055, 0.001, flake.border);
    color = mix(color, rgb('#d9d2ea'), 0.75 * edge * (0.35 + 0.65 * flake.random[1]));
    return mix(color, rgb('#010002'), 0.85 * Math.exp(-(((flake.border - 0.011) / 0.005) ** 2)));
  });
};
