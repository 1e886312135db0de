import { voronoi } from '../cells.js';
import { clamp, mix, type Rgb, rgb, scaled, screen, smoothStep } from '../color.js';
import { type Drawing, picture } from '../field.js';
import { fractalNoise } from '../noise.js';

const panes: readonly Rgb[] = [
  '#c8102e',
  '#1336b8',
  '#f5b700',
  '#0e8a3e',
  '#6a1fa8',
  '#18a0d8',
  '#e8590c',
  '#f2e6b8',
  '#8a0f3c',
  '#1336b8',
  '#c8102e',
].map(rgb);

/** The window of a sept: panes of coloured glass, lit from behind, in lead. */
export const septGlass: Drawing = (size) => {
  const large = voronoi(71, 6.5, 0.95);
  const small = voronoi(72, 14, 0.9);
  const streaks = fractalNoise(73, 3);
  const light = fractalNoise(74, 2);
  return picture(size, (x, y) => {
    let pane = large(x, y);
    let key = pane.random[0];
    let border = pane.border;
    // Some of the large panes are put together from small ones.
    if (pane.random[1] > 0.6) {
      const part = small(x, y);
      border = Math.min(border, part.border * 1.15);
      key = (key + part.random[0]) % 1;
      pane = part;
    }
    const glass = panes[Math.floor(key * panes.length)] ?? panes[0] ?? rgb('#ffffff');
    const angle = Math.PI * pane.random[2];
    const across = x * Math.cos(angle) + y * Math.sin(angle);
    const along = y * Math.cos(angle) - x * Math.sin(angle);
    const streak = streaks(across * 30, along * 6);
    const brightness = 0.88 + 0.3 * light(x * 3, y * 3) + 0.22 * streak;
    let color = scaled(glass, clamp(brightness));
    color = screen(color, mix(glass, rgb('#ffffff'), 0.6), 0.5 * smoothStep(0.01, 0.06, border) * (0.6 + streak));
    const lead = smoothStep(0.0085, 0.0065, border);
    const shine = Math.exp(-((border / 0.0022) ** 2));
    return mix(color, mix(rgb('#0a0a0d'), rgb('#5f6068'), 0.8 * shine), lead);
  });
};
