import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine } from '../../src/engine/open-engine.js';
import { encodeAnimation } from '../../src/imaging/animation/encode-animation.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { packageRoot } from '../../src/package-root.js';
import { contactSheet } from '../quality/contact-sheet.js';
import { Judge } from '../quality/judge.js';
import { FramesFolder } from './frames-folder.js';
import { steadiness } from './measures.js';
import { type Method, methods, paintBy } from './methods.js';
import { drawScene, type Scene, truthOf } from './scene.js';
import { scenesOf } from './scenes.js';

/**
 * `npm run bench:motion [-- options]` paints scenes whose motion is known, each frame alone, each begun with the one
 * before, and as whitewalker does, and measures how steady they are. The tables go to the standard output, frames and
 * contact sheets and animations to a folder. What is there already is not painted again, unless `--again` names its method.
 */
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'out/motion' },
    size: { type: 'string', default: '192' },
    frames: { type: 'string', default: '24' },
    /** Frames of a whole loop, of which `frames` are painted. */
    loop: { type: 'string', default: '24' },
    scenes: { type: 'string', default: 'travel,still,ball,flag' },
    style: { type: 'string', default: 'examples/ice-shards.png' },
    methods: { type: 'string', default: methods.join(',') },
    again: { type: 'string', default: '' },
    epochs: { type: 'string' },
    weight: { type: 'string' },
    content: { type: 'string' },
  },
});
const picture = async (file: string) => (await decodePicture(await readFile(join(packageRoot(), file)))).image;
/** Bytes of an animation, so that it may be kept beside the documents. */
const largestAnimation = 400_000;
const optional = (text: string | undefined) => (text === undefined ? undefined : Number(text));

const [size, count, loop] = [Number(values.size), Number(values.frames), Number(values.loop)];
const options = {
  size,
  frameEpochs: optional(values.epochs),
  temporalWeight: optional(values.weight),
  frameContent: optional(values.content),
};
const loops = count === loop;
const scenes = scenesOf({
  chelsea: await picture('examples/chelsea.jpg'),
  coffee: await picture('examples/coffee.jpg'),
  astronaut: await picture('examples/astronaut.jpg'),
});
const style = await picture(values.style);
const engine = await openEngine({ engine: 'onnx', network: 'vgg19-lite' });
const judge = await Judge.open();
const chosen = values.methods.split(',').filter((name): name is Method => methods.some((method) => method === name));
process.stdout.write(
  '| scene | method | temporal error | of alone | its root, of 255 | change of what stands still, of 255 | style | content | last to first | seconds of a frame after the first | processor seconds |\n|---|---|---|---|---|---|---|---|---|---|---|\n',
);
for (const name of values.scenes.split(',')) await measureScene(name, scenes[name]);
await engine.dispose();
await judge.dispose();

async function measureScene(name: string, scene: Scene | undefined): Promise<void> {
  if (!scene) throw new Error(`There is no scene "${name}". Choose from ${Object.keys(scenes).join(', ')}.`);
  const contents = Array.from({ length: count }, (_, index) => drawScene(scene, size, index / loop));
  const sheet: RgbImage[][] = [contents];
  let alone: number | undefined;
  for (const method of chosen) {
    const folder = await FramesFolder.open(join(values.folder, `${size}-${count}-of-${loop}`, name, method));
    if (values.again.split(',').includes(method)) await folder.empty();
    let taken = await folder.taken();
    if (!taken) {
      taken = await paintBy(method, engine, { frames: contents, style, loops }, folder, options);
      await folder.keepTaken(taken);
    }
    const painted: RgbImage[] = [];
    for (let index = 0; index < count; index++) painted.push((await folder.read(index)) ?? missing(index));
    const [sums, still] = [
      { temporal: 0, style: 0, content: 0 },
      { sum: 0, count: 0 },
    ];
    const transitions = loops ? count : count - 1;
    let closing: number | undefined;
    const styleSide = style.width / style.height;
    const sized = resample(style, Math.round(size * Math.sqrt(styleSide)), Math.round(size / Math.sqrt(styleSide)));
    for (let index = 0; index < count; index++) {
      const at = (offset: number) => (index + offset) % count;
      const { content, styleGram } = await judge.distances(need(painted[index]), need(contents[index]), sized);
      sums.style += styleGram / count;
      sums.content += content / count;
      if (index >= transitions) continue;
      const truth = truthOf(scene, size, index / loop, (index + 1) / loop);
      const pair = <Value>(of: readonly Value[]) => [need(of[index]), need(of[at(1)])] as const;
      const measured = steadiness(pair(painted), pair(contents), truth);
      sums.temporal += measured.temporal / transitions;
      if (index === count - 1) closing = measured.temporal;
      if (measured.still === undefined) continue;
      still.sum += measured.still;
      still.count++;
    }
    if (method === 'alone') alone = sums.temporal;
    sheet.push(painted);
    const later = taken.slice(1);
    const mean = (key: 'seconds' | 'processorSeconds') =>
      later.reduce((sum, each) => sum + each[key], 0) / later.length;
    const cells = [
      name,
      method,
      sums.temporal.toFixed(5),
      alone === undefined ? '' : (sums.temporal / alone).toFixed(3),
      (255 * Math.sqrt(sums.temporal)).toFixed(2),
      still.count > 0 ? (still.sum / still.count).toFixed(2) : '',
      sums.style.toFixed(4),
      sums.content.toFixed(4),
      closing?.toFixed(5) ?? '',
      mean('seconds').toFixed(2),
      mean('processorSeconds').toFixed(2),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
  const columns = contents.map((_, index) => index).filter((index) => index % Math.ceil(count / 8) === 0);
  const rows = sheet.map((row) => columns.map((index) => row[index]));
  await writeFile(join(values.folder, `${name}.png`), await contactSheet(columns.map(String), rows));
  const delaysMs = contents.map(() => 2400 / loop);
  const frame = (index: number) => ({ image: sideBySide(sheet.map((row) => need(row[index]))), opacity: undefined });
  const { bytes } = await encodeAnimation(
    { delaysMs, loops: 0, frame },
    { format: 'webp', maxBytes: largestAnimation },
  );
  await writeFile(join(values.folder, `${name}.webp`), bytes);
}

/** Puts pictures of one size beside each other. */
function sideBySide(pictures: readonly RgbImage[]): RgbImage {
  const { width, height } = need(pictures[0]);
  const row = { width: width * pictures.length, height, data: new Float32Array(3 * width * height * pictures.length) };
  for (const [column, { data }] of pictures.entries()) {
    for (let line = 0; line < 3 * height; line++) {
      row.data.set(data.subarray(line * width, (line + 1) * width), line * row.width + column * width);
    }
  }
  return row;
}

function need<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('Expected a frame, got none');
  return value;
}

function missing(index: number): never {
  throw new Error(`Expected a frame ${index}, got none`);
}
