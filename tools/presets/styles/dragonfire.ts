import { voronoi } from '../cells.js';
import { mix, ramp, rgb, screen, smoothStep } from '../color.js';
import { type Drawing, field, lit, picture } from '../field.js';
import { fractalNoise, warp } from '../noise.js';

const crust = ramp('#0b0403', '#2a0d08', '#5c1d0f', '#a33a17', '#d96a2a');
const glow = ramp('#4a0500', '#c01c00', '#ff6a00', '#ffc53d', '#fff6d0');

/** Ground that a dragon has burnt: charred crust that breaks open over embers. */
export const dragonfire: Drawing = (size) => {
  const bend = warp(41, 3.5, 0.07, 4);
  const plates = voronoi(42, 6);
  const chips = voronoi(43, 15);
  const heat = fractalNoise(44, 3);
  const relief = fractalNoise(45, 4);
  const at = (x: number, y: number) => {
    const point = bend(x, y);
    return { plate: plates(point.x, point.y), chip: chips(point.x, point.y) };
  };
  const height = field(size, (x, y) => {
    const { plate, chip } = at(x, y);
    const dome = 0.05 * smoothStep(0, 0.07, plate.border) + 0.008 * smoothStep(0, 0.02, chip.border);
    return dome + 0.012 * relief(x * 9, y * 9);
  });
  const { diffuse } = lit(height);
  return picture(size, (x, y, pixel) => {
    const { plate, chip } = at(x, y);
    const warmth = 0.5 + 0.9 * heat(x * 2.6, y * 2.6);
    let color = crust(0.02 + 0.62 * (diffuse[pixel] ?? 0) ** 1.5 + 0.3 * (warmth - 0.5));
    const width = 0.006 + 0.016 * Math.max(0, warmth);
    const ember = Math.exp(-plate.border / width);
    color = screen(color, glow(0.25 + 0.45 * warmth), 0.9 * ember);
    const hair = smoothStep(0.0045, 0.0008, chip.border) * smoothStep(0.35, 0.75, warmth);
    color = mix(color, rgb('#ff7a1a'), 0.7 * hair);
    return mix(color, glow(0.62 + 0.5 * warmth), smoothStep(0.8 * width, 0.15 * width, plate.border));
  });
};
