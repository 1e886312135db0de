import { mix, ramp, rgb, smoothStep } from '../color.js';
import { type Drawing, picture } from '../field.js';
import { fractalNoise, gradientNoise, warp } from '../noise.js';

const flame = ramp('#010602', '#03240c', '#06601a', '#18a81f', '#6fe01d', '#d4ff4a', '#fbffd6');

/** The alchemists' green fire: tongues that lick upwards and curl, on black. */
export const wildfire: Drawing = (size) => {
  const curl = warp(51, 2.2, 0.13, 2);
  const lick = warp(52, 6, 0.028, 2);
  const tongues = gradientNoise(53);
  const threads = gradientNoise(54);
  const body = fractalNoise(55, 3);
  return picture(size, (x, y) => {
    const large = curl(x, y);
    const { x: u, y: v } = lick(large.x, large.y);
    // Noise is stretched upwards into bands, whose crests are the bright edges of the tongues.
    const broad = Math.abs(tongues(u * 7, v * 2.6));
    const fine = Math.abs(threads(u * 17 + 3, v * 5.5));
    const mass = 0.5 + 0.8 * body(u * 3.4, v * 1.7);
    let tone = 0.06 + 0.42 * mass;
    tone += 0.42 * smoothStep(0.2, 0, broad) * (0.5 + 0.5 * mass);
    tone += 0.2 * smoothStep(0.12, 0, fine) * mass;
    tone -= 0.32 * smoothStep(0.25, 0.6, broad);
    return mix(flame(tone), rgb('#f6ffc8'), 0.8 * smoothStep(0.035, 0.005, broad) * smoothStep(0.35, 0.8, mass));
  });
};
