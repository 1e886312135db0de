import { voronoi } from '../cells.js';
import { mix, ramp, rgb, screen, smoothStep } from '../color.js';
import { type Drawing, picture } from '../field.js';
import { fractalNoise, ridgedNoise, warp } from '../noise.js';

const depth = ramp('#00090d', '#02262e', '#05535c', '#128a8c', '#4fc4b8');
const white = rgb('#effffb');

/** Black water under clear ice: long white fractures whose planes reach down, pale bubbles caught on their way up. */
export const frozenLake: Drawing = (size) => {
  const bend = warp(21, 2, 0.05, 4);
  const fractures = voronoi(22, 3.2, 1);
  const hairlines = voronoi(23, 7, 1);
  const bubbles = [
    { layer: voronoi(25, 15, 0.7), radius: 0.021, shift: 0.1 },
    { layer: voronoi(24, 7, 0.75), radius: 0.05, shift: -0.05 },
  ];
  const water = fractalNoise(26, 4);
  const veils = ridgedNoise(27, 3);
  const density = fractalNoise(28, 2);
  return picture(size, (x, y) => {
    const point = bend(x, y);
    const fracture = fractures(point.x, point.y);
    const hairline = hairlines(point.x, point.y);
    let color = depth(0.34 + 0.5 * water(x * 2.5, y * 2.5) + 0.2 * veils(x * 2, y * 2));
    // The plane of a fracture goes down on one of its sides only.
    if (fracture.index < fracture.neighbour) {
      const plane = Math.exp(-fracture.border / 0.03) * (0.75 + 0.5 * water(x * 14, y * 14));
      color = screen(color, rgb('#9fe3dc'), 0.55 * plane);
    }
    for (const { layer, radius, shift } of bubbles) {
      const bubble = layer(x, y);
      const [growth, presence] = bubble.random;
      if (presence + 0.8 * density(x * 3 + 9, y * 3) < 0.42 + shift) continue;
      const distance = Math.hypot(bubble.dx, bubble.dy) / (radius * (0.45 + 0.55 * growth));
      const rim = Math.exp(-(((distance - 0.9) / 0.12) ** 2));
      const body =
        smoothStep(1.02, 0.94, distance) * (0.25 + 0.35 * smoothStep(0.4, -0.9, (bubble.dx + bubble.dy) / radius));
      color = screen(color, white, Math.max(0.85 * rim, body));
    }
    color = mix(color, white, 0.35 * smoothStep(0.003, 0.0008, hairline.border));
    return mix(color, white, 0.95 * smoothStep(0.0065, 0.0015, fracture.border));
  });
};
