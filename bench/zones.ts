/**
 * `npm run bench:zones -- [--judge FILE] [--size PX] [--epochs N] [--folder DIR]`: zones with styles of their own, painted
 * together and each alone, and how far each is from its style by layers that weren't optimised. docs/quality.md tells what
 * came out.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Engine } from '../src/engine/engine.js';
import { openEngine } from '../src/engine/open-engine.js';
import { encodePicture } from '../src/imaging/encode.js';
import { resample } from '../src/imaging/resample.js';
import type { RgbImage } from '../src/imaging/rgb-image.js';
import type { Mask } from '../src/transfer/area/mask.js';
import type { TransferPictures } from '../src/transfer/pictures.js';
import { fitToLongerSide } from '../src/transfer/scales.js';
import { styleAtScale } from '../src/transfer/style-at-scale.js';
import { styleTransfer } from '../src/transfer/style-transfer.js';
import { readOriginals } from './quality/pictures.js';

const { values } = parseArgs({
  options: {
    judge: { type: 'string' },
    size: { type: 'string', default: '256' },
    epochs: { type: 'string', default: '60' },
    folder: { type: 'string', default: 'out/zones' },
  },
});
const [size, epochs] = [Number(values.size), Number(values.epochs)];

/** Contents with the styles of their sky, their middle and their foot. */
const cases = [
  ['astronaut', ['ice-shards', 'parchment-map', 'dragonfire']],
  ['chelsea', ['frozen-lake', 'kings-landing', 'sept-glass']],
  ['coffee', ['dragonfire', 'ice-shards', 'frozen-lake']],
] as const;

/** Layers that no default compares by. */
const heldOut = ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3'];

function zonesOf({ width, height }: { readonly width: number; readonly height: number }): readonly Mask[] {
  const zoneAt = (x: number, y: number) => {
    if (Math.hypot((x - 0.5) / 0.3, (y - 0.55) / 0.35) < 1) return 1;
    return y < 0.5 ? 0 : 2;
  };
  return [0, 1, 2].map((zone) => {
    const data = Float32Array.from({ length: width * height }, (_, i) => {
      return zoneAt((i % width) / width, Math.floor(i / width) / height) === zone ? 1 : 0;
    });
    return { width, height, data };
  });
}

async function painted(engine: Engine, pictures: TransferPictures) {
  const before = process.cpuUsage();
  const transfer = styleTransfer(engine, pictures, { size, epochs });
  for (;;) {
    const { done, value } = await transfer.next();
    if (!done) continue;
    const { user, system } = process.cpuUsage(before);
    return { picture: value.picture, seconds: (user + system) / 1e6 };
  }
}

/** Returns the mean relative error of a zone's Gram matrices, by the judge's held-out layers. */
async function distance(judge: Engine, picture: RgbImage, style: RgbImage, map: Mask): Promise<number> {
  const layers = heldOut.filter((layer) => judge.network.layers.includes(layer));
  const { grams } = await judge.features(style, { grams: layers });
  const terms = [...grams].map(([layer, target]) => ({ layer, weight: 1 / layers.length, target, map }));
  return (await (await judge.prepare({ content: [], style: terms })).evaluate(picture)).loss;
}

const engine = await openEngine({ engine: 'onnx', network: 'vgg19-lite', threads: 1 });
const judge =
  values.judge === undefined ? engine : await openEngine({ engine: 'onnx', weightsPath: values.judge, threads: 1 });
await mkdir(values.folder, { recursive: true });
console.log('content      zone  style           together   alone   ratio');
const [ratios, seconds]: [number[], number[]] = [[], []];
for (const [name, styleNames] of cases) {
  const { contents, styles } = await readOriginals([name], [...styleNames]);
  const content = contents[name];
  if (!content) continue;
  const scale = { ...fitToLongerSide(content, size), epochs };
  const masks = zonesOf(scale);
  const zones = styleNames.flatMap((style, index) => {
    const [picture, mask] = [styles[style], masks[index]];
    return picture && mask ? [{ mask, styles: [{ picture, weight: 1 }] }] : [];
  });
  const together = await painted(engine, { content, styles: [], zones });
  await writeFile(join(values.folder, `${name}.png`), await encodePicture(together.picture, 'png'));
  const whole = await painted(engine, { content, styles: zones[0]?.styles ?? [] });
  seconds.push(together.seconds / whole.seconds);
  for (const [index, { mask, styles: own }] of zones.entries()) {
    const alone = await painted(engine, { content, styles: own, mask });
    const [style] = own.map((one) => styleAtScale(one, scale, 1).picture);
    if (!style) continue;
    const [ours, theirs] = [
      await distance(judge, resample(together.picture, scale.width, scale.height), style, mask),
      await distance(judge, alone.picture, style, mask),
    ];
    ratios.push(ours / theirs);
    const row = [name.padEnd(12), String(index + 1).padEnd(5), (styleNames[index] ?? '').padEnd(15)];
    console.log(...row, ours.toFixed(4), theirs.toFixed(4), (ours / theirs).toFixed(2));
  }
}
const mean = (numbers: readonly number[]) =>
  Math.exp(numbers.reduce((sum, one) => sum + Math.log(one), 0) / numbers.length);
console.log(`mean ratio ${mean(ratios).toFixed(3)}, worst ${Math.max(...ratios).toFixed(3)}`);
console.log(`processor seconds, three zones against one style everywhere: ${mean(seconds).toFixed(2)} times`);
await engine.dispose();
if (judge !== engine) await judge.dispose();
