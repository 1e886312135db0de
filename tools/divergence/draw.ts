// `npm run build:divergence` makes the curves and pictures of docs/divergence.md, and prints its table.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEngine } from '../../src/engine/open-engine.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { encodePicture } from '../../src/imaging/encode.js';
import { packageRoot } from '../../src/package-root.js';
import { type LossCurve, lossChart } from './loss-chart.js';
import { follow, type Setting, type Variant, variants } from './runs.js';

const evaluations = 200;
const size = 256;
const colors: Readonly<Record<Variant, string>> = {
  'clamping, fixed step': '#e5484d',
  'clamping, line search': '#d97f00',
  'fixed step': '#8e6ff0',
  safeguarded: '#2f86e5',
};
/** Files for the results of two variants. The results of the other two look much like that of the last variant. */
const files: Readonly<Partial<Record<Variant, string>>> = {
  'clamping, fixed step': 'divergence-astray.jpg',
  safeguarded: 'divergence-safeguarded.jpg',
};

const root = packageRoot();
const picture = async (file: string) => (await decodePicture(await readFile(join(root, file)))).image;
const setting: Setting = {
  content: await picture('examples/astronaut.jpg'),
  style: await picture('presets/dragonfire.jpg'),
  size,
  weights: { content: 1, style: 1, pixels: 0, tv: 0.02 },
};

const engine = await openEngine({ network: 'vgg19-lite' });
const curves: LossCurve[] = [];
try {
  process.stdout.write('| | lowest | at evaluation | highest after it | at the end |\n|---|---|---|---|---|\n');
  for (const variant of variants) {
    const { points, picture: result } = await follow(engine, setting, variant, evaluations);
    curves.push({ name: variant, color: colors[variant], points });
    const losses = points.map(({ loss }) => loss);
    const lowest = losses.indexOf(Math.min(...losses));
    const after = Math.max(...losses.slice(lowest));
    const figures = [losses[lowest], points[lowest]?.evaluations, after, losses.at(-1)];
    process.stdout.write(`| ${variant} | ${figures.map((value) => Number(value?.toPrecision(3))).join(' | ')} |\n`);
    const file = files[variant];
    if (file !== undefined) {
      await writeFile(join(root, 'docs/pictures', file), await encodePicture(result, 'jpeg', { quality: 85 }));
    }
  }
} finally {
  await engine.dispose();
}
await writeFile(join(root, 'docs/pictures/divergence-loss.svg'), lossChart(curves));
