import { clamp, mix, ramp, rgb, smoothStep } from '../color.js';
import { type Drawing, field, lit, picture } from '../field.js';
import { fractalNoise, warp } from '../noise.js';

const steel = ramp('#0c0e12', '#2a2f37', '#5a616c', '#949ca6', '#cfd5da', '#fafcfd');

/** Steel folded a thousand times: layers that show as ripples of dark and light, like water on a blade. */
export const valyrianSteel: Drawing = (size) => {
  const fold = warp(61, 2.2, 0.14, 3);
  const layers = fractalNoise(62, 2);
  const smoke = fractalNoise(63, 4);
  /** How deep the blade's surface cuts into the stack of layers, in layers. */
  const depth = (x: number, y: number) => {
    const point = fold(x, y);
    return 15 * (point.y * 0.9 + 0.45 * layers(point.x * 2.2, point.y * 2.2));
  };
  const height = field(size, (x, y) => 0.006 * Math.abs(2 * fraction(depth(x, y)) - 1) ** 0.8);
  const { diffuse, halfway } = lit(height);
  return picture(size, (x, y, pixel) => {
    const stack = depth(x, y);
    const within = fraction(stack);
    const layer = Math.floor(stack);
    const own = fraction(Math.abs(Math.sin(layer * 12.9898)) * 43758.5453);
    const band = smoothStep(0.02, 0.3, within) * smoothStep(1, 0.55, within);
    const cloud = smoke(x * 3, y * 3);
    const tone = 0.06 + 0.34 * own * band + 0.3 * band + 0.3 * ((diffuse[pixel] ?? 0) - 0.6) + 0.3 * cloud;
    const color = steel(clamp(tone));
    const edge = smoothStep(0.1, 0.02, Math.min(within, 1 - within));
    const shine = 0.5 * (halfway[pixel] ?? 0) ** 24 * smoothStep(-0.1, 0.5, cloud);
    return mix(mix(color, rgb('#07080b'), 0.75 * edge), rgb('#ffffff'), shine);
  });
};

function fraction(value: number): number {
  return value - Math.floor(value);
}
