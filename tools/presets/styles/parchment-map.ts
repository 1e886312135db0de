import { voronoi } from '../cells.js';
import { mix, type Rgb, ramp, rgb, smoothStep } from '../color.js';
import { type Drawing, picture } from '../field.js';
import { fractalNoise, gradientNoise } from '../noise.js';

const parchment = ramp('#8a6233', '#c79f63', '#e6c98f', '#f3e2b5', '#f9efd0');
const ink = rgb('#3a210e');

/** Distances from the coast of the lines in the sea that follow it, each fainter than the one before. */
const waterLines = [0.013, 0.025, 0.038, 0.052, 0.067] as const;

/** A maester's map: brown ink on stained parchment, coasts with water lines, hatched mountains. */
export const parchmentMap: Drawing = (size) => {
  const coast = fractalNoise(91, 3);
  const inlets = fractalNoise(95, 4);
  const stains = fractalNoise(92, 5);
  const pressure = gradientNoise(93);
  const peaks = voronoi(94, 12, 0.5);
  const land = (x: number, y: number) => coast(x * 3.1 + 4, y * 3.1 + 9) + 0.02;
  const step = 0.004;
  return picture(size, (x, y) => {
    const height = land(x, y);
    const slope = Math.hypot(land(x + step, y) - land(x - step, y), land(x, y + step) - land(x, y - step)) / (2 * step);
    // Distance to the coast, to first order. The least slope of 0.9 keeps shallows from being one broad line.
    const distance = height / Math.max(slope, 0.9) + 0.006 * inlets(x * 14, y * 14);
    const stain = stains(x * 3, y * 3);
    const press = 0.75 + 0.5 * pressure(x * 25, y * 25);
    const edge = Math.min(x, y, 1 - x, 1 - y);
    let color: Rgb = parchment(0.62 + 0.45 * stain + 0.12 * stains(x * 14, y * 14) - 0.3 * smoothStep(0.12, 0, edge));
    if (distance > 0) {
      color = mix(color, rgb('#a8682c'), 0.5 * Math.exp(-distance / 0.03));
      const peak = peaks(x, y);
      const inland = land(x - peak.dx, y - peak.dy);
      if (inland > 0.12) color = mountain(color, peak.dx, peak.dy, 0.022 + 0.014 * peak.random[0], press);
    } else {
      color = mix(color, rgb('#7a6a48'), 0.22);
      for (const [index, line] of waterLines.entries()) {
        const width = 0.0026 - 0.0003 * index;
        const strength = 0.9 - 0.12 * index;
        color = mix(color, ink, strength * smoothStep(width, 0.4 * width, Math.abs(-distance - line) / press));
      }
    }
    return mix(color, ink, smoothStep(0.0052, 0.003, Math.abs(distance) / press));
  });
};

/** Returns the ground's colour with a mountain drawn on it, whose right flank is hatched as shadow. */
function mountain(ground: Rgb, dx: number, dy: number, tall: number, press: number): Rgb {
  const below = dy + tall;
  const flank = 0.68 * below;
  if (below < 0 || dy > 0.6 * tall) return ground;
  const outline = smoothStep(0.0034, 0.0018, Math.abs(Math.abs(dx) - flank) / press);
  const inside = Math.abs(dx) < flank;
  const base = inside ? mix(ground, rgb('#f3e2b5'), 0.5) : ground;
  const hatch = inside && dx > -0.1 * below ? smoothStep(0.3, 0.75, Math.sin((dx + 0.5 * dy) * 620)) : 0;
  return mix(mix(base, ink, 0.8 * hatch), ink, outline);
}
