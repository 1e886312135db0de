import { voronoi } from '../cells.js';
import { mix, type Rgb, ramp, rgb, scaled, smoothStep } from '../color.js';
import { type Drawing, field, lit, picture } from '../field.js';
import { fractalNoise, gradientNoise, warp } from '../noise.js';

const bark = ramp('#3f3531', '#84776e', '#bfb3a6', '#dfd6c9', '#f6f0e6');
const leaf = ramp('#3d0208', '#7d0610', '#b80f1c', '#e23a34');

/** The heart tree of the old gods: bone-white bark with dark scars, weeping red sap, under hand-shaped red leaves. */
export const weirwood: Drawing = (size) => {
  const grow = warp(81, 3, 0.03, 3);
  const furrows = gradientNoise(82);
  const scars = voronoi(83, 9, 1);
  const grain = fractalNoise(84, 4);
  const sap = gradientNoise(85);
  const canopy = fractalNoise(86, 2);
  const layers = [
    { leaves: voronoi(87, 6.5, 0.8), radius: 0.105, shade: 0.0 },
    { leaves: voronoi(88, 8, 0.8), radius: 0.085, shade: 0.3 },
  ];
  const height = field(size, (x, y) => {
    const point = grow(x, y);
    return 0.02 * Math.abs(furrows(point.x * 13, point.y * 1.8)) + 0.006 * grain(point.x * 14, point.y * 5);
  });
  const { diffuse } = lit(height);
  return picture(size, (x, y, pixel) => {
    const point = grow(x, y);
    const furrow = Math.abs(furrows(point.x * 13, point.y * 1.8));
    let color: Rgb = bark(0.06 + 0.95 * (diffuse[pixel] ?? 0) - 0.6 * smoothStep(0.09, 0, furrow));
    // Scars of lost branches lie across the grain.
    const scar = scars(point.x, point.y);
    const lens = Math.hypot(scar.dx / (0.02 + 0.03 * scar.random[0]), scar.dy / (0.006 + 0.006 * scar.random[1]));
    color = mix(color, rgb('#2c211e'), 0.85 * smoothStep(1, 0.7, lens));
    const stream = Math.abs(sap(point.x * 6 + 31, point.y * 0.8));
    color = mix(color, rgb('#8e0a14'), 0.9 * smoothStep(0.035, 0.02, stream));
    for (const { leaves, radius, shade } of layers) {
      const own = leaves(x, y);
      const [turn, growth, tint] = own.random;
      if (canopy((x - own.dx) * 2.3, (y - own.dy) * 2.3) + 0.5 * (tint - 0.5) < -0.02) continue;
      const angle = Math.atan2(own.dy, own.dx) + 2 * Math.PI * turn;
      // A leaf has five pointed lobes: the value is 1 in the middle of a lobe, and 0 between two.
      const lobe = 1 - Math.abs(2 * (((angle * 2.5) / Math.PI + 50) % 1) - 1);
      const reach = radius * (0.7 + 0.3 * growth) * (0.3 + 0.7 * lobe ** 1.4);
      const distance = Math.hypot(own.dx, own.dy);
      const inside = smoothStep(reach + 0.0015, reach - 0.0015, distance);
      const vein = smoothStep(0.93, 0.98, lobe + 0.004 / (distance + 0.01));
      let red = leaf(0.25 + shade + 0.4 * tint + 0.35 * grain(x * 6, y * 6));
      red = mix(red, rgb('#ff9a86'), 0.45 * vein);
      color = mix(color, rgb('#1d0204'), 0.55 * smoothStep(reach + 0.012, reach, distance) * (1 - inside));
      color = mix(color, scaled(red, 0.75 + 0.4 * smoothStep(0.03, 0, reach - distance)), inside);
    }
    return color;
  });
};
