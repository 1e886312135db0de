import { uniformNumbers } from '../../../src/random-numbers.js';
import { mix, type Rgb, ramp, rgb, scaled } from '../color.js';
import { type Drawing, lit } from '../field.js';
import { fractalNoise, gradientNoise } from '../noise.js';
import { blankCanvas, paintStroke } from '../strokes.js';

const evening = ramp('#14343f', '#1f6f78', '#7d3a2a', '#c8552b', '#f0953a', '#fbd37a', '#fff0cf');

/** The capital at sunset in oils: terracotta, gold and the teal of the bay, laid on thickly with a broad brush. */
export const kingsLanding: Drawing = (size) => {
  const random = uniformNumbers(101);
  const tone = fractalNoise(102, 2);
  const flow = gradientNoise(103);
  const bristles = gradientNoise(104);
  const canvas = blankCanvas(size, rgb('#5a3324'));
  for (const { count, length, width } of [
    { count: 420, length: 0.3, width: 0.085 },
    { count: 520, length: 0.2, width: 0.055 },
    { count: 380, length: 0.12, width: 0.03 },
  ]) {
    for (let number = 0; number < count; number++) {
      const [x, y] = [random() * 1.1 - 0.05, random() * 1.1 - 0.05];
      const position = 0.5 + 0.75 * tone(x * 2.4, y * 2.4) + 0.24 * (random() - 0.5);
      let color: Rgb = scaled(evening(position), 0.85 + 0.3 * random());
      if (random() < 0.09) color = mix(color, rgb(random() < 0.5 ? '#11404c' : '#ffe9b8'), 0.85);
      paintStroke(
        canvas,
        {
          x,
          y,
          angle: 2.6 * flow(x * 1.7, y * 1.7) + 0.5 * (random() - 0.5),
          length: length * (0.6 + 0.8 * random()),
          width: width * (0.7 + 0.6 * random()),
          bend: 0.03 * (random() - 0.5),
          color,
        },
        bristles,
      );
    }
  }
  const { diffuse, halfway } = lit(canvas.thickness);
  const pixels = size * size;
  const data = canvas.data.map((value, index) => {
    const shade = 0.55 + 0.62 * (diffuse[index % pixels] ?? 0);
    return Math.min(1, value * shade + 0.18 * (halfway[index % pixels] ?? 0) ** 40);
  });
  return { width: size, height: size, data };
};
