import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Animation, movementOf, openAnimation } from '../../src/imaging/animation/open-animation.js';
import { pictureDigest } from '../../src/imaging/picture-digest.js';
import { packageRoot } from '../../src/package-root.js';
import { frameDefaults } from '../../src/transfer/moving/frame-options.js';
import { drawn, drawnGif, drawnPng, drawnWebp, withDamagedFrame } from '../imaging/animation/drawn-animations.js';
import { concat, gifFrame, gifHeader } from '../imaging/handmade-files.js';
import { largestDifference } from '../imaging/test-pictures.js';
import { folderWithPictures, requireBuild } from './program.js';
import { ProgramHost } from './program-host.js';

/** A square that walks over a ground, as rows of letters. */
const drawings = [0, 1, 2, 3, 4].map((x) => ['RRRRRR', `${'RRRRRR'.slice(0, x)}B${'RRRRRR'.slice(x + 1)}`, 'GGGGGG']);
const delaysMs = [40, 200, 100, 70, 90];

const { frameEpochs } = frameDefaults;

let folder: string;
let host: ProgramHost;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
  const frames = drawings.map((drawing, index) => ({ drawing, delayMs: delaysMs[index] ?? 100 }));
  await writeFile(join(folder, 'dance.gif'), drawnGif({ width: 6, height: 3, loops: 2, frames }));
  for (const [index, name] of ['first.png', 'second.png', 'third.png'].entries()) {
    const { width, height, pixels } = drawn(drawings[index] ?? []);
    await sharp(pixels, { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .toFile(join(folder, name));
  }
  const frame = Buffer.from(gifFrame(0, 0, 64, 64));
  await writeFile(join(folder, 'endless.gif'), concat(gifHeader(64, 64), ...Array<Buffer>(3_001).fill(frame), [0x3b]));
  host = new ProgramHost(folder);
});
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true });
});

const quick = ['stylize', 'dance.gif', 'style.png', '--size', '48', '--epochs', '2'];

const still = ['stylize', 'content.jpg', 'style.png', '--size', '48', '--epochs', '1'];

async function opened(name: string): Promise<Animation> {
  const animation = await openAnimation(await readFile(join(folder, name)), { minSourceSide: 1 });
  if (animation === undefined) throw new Error(`${name} does not move`);
  return animation;
}

describe('whitewalker stylize, of a content that moves,', () => {
  it('writes an animation with its timing, as .webp if nobody says otherwise', async () => {
    const { code, stdout, stderr } = await host.run(quick);

    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^The animation is dance-style\.webp \(48×24, 5 frames of 5\)\.\n/);
    expect(stderr).toMatch(/^epoch 1\/2, frame 1\/5 \(\d+×\d+\), loss [\d.]+, .* left$/m);
    const last = `epoch ${frameEpochs}/${frameEpochs}, frame 5/5 \\(48×24\\), loss [\\d.]+, 0 s left`;
    expect(stderr).toMatch(new RegExp(`^${last}$`, 'm'));
    const animation = await opened('dance-style.webp');
    expect(animation).toMatchObject({ format: 'webp', width: 48, height: 24, delaysMs, loops: 3 });
    const [first, fifth] = [await animation.frame(0), await animation.frame(4)];
    expect(largestDifference(first.image, fifth.image)).toBeGreaterThan(0.2);
  });

  it.each(['gif', 'png'])('writes some of its frames as .%s, evenly in time, and tells how many', async (format) => {
    const run = await host.run([...quick, '--frames', '3', '--out', `few.${format}`, '--json']);

    const report = JSON.parse(run.stdout);
    expect(report).toMatchObject({
      frames: { painted: 3, inContent: 5 },
      gif: null,
      loss: null,
      width: 48,
      height: 24,
      styleMoves: false,
    });
    expect(report.recipe).toContain(`content=${digested(await readFile(join(folder, 'dance.gif')))} `);
    expect(await opened(`few.${format}`)).toMatchObject({ format, delaysMs: [240, 100, 160], loops: 3 });
  });

  it('takes as many epochs for a following frame as its document says', async () => {
    const document = await readFile(join(packageRoot(), 'docs', 'command-line.md'), 'utf8');
    expect(document).toContain(`any other goes on from the one before, which takes ${frameEpochs}.`);
  });

  it('paints one frame as it paints a picture of it', async () => {
    const still = await host.run([...quick, '--still', '3', '--out', 'still.png']);
    const [, , ...others] = quick;
    await host.run(['stylize', 'third.png', ...others, '--out', 'third-out.png']);

    expect(still.stdout).toMatch(/^The picture is still\.png \(48×24\)\.\n/);
    expect(still.stdout).toContain(`content=${digested(await readFile(join(folder, 'dance.gif')))} `);
    expect(await readFile(join(folder, 'still.png'))).toEqual(await readFile(join(folder, 'third-out.png')));
  });

  it('takes the first frame of a style that moves, and says so', async () => {
    const of = (style: string, out: string) =>
      host.run(['stylize', 'content.jpg', style, '--size', '48', '--epochs', '2', '--out', out]);
    const moving = await of('dance.gif', 'moving-style.png');
    await of('first.png', 'still-style.png');

    expect(moving.stdout).toContain('\nOf dance.gif, which moves, the first frame counts.\n');
    const [one, other] = ['moving-style.png', 'still-style.png'].map((name) => readFile(join(folder, name)));
    expect(await one).toEqual(await other);
  });

  it.each([
    ['texture', ['texture', 'dance.gif', '--size', '48', '--epochs', '1', '--out', 'of-moving-1.png']],
    [
      'layers',
      ['layers', 'dance.gif', '--size', '48', '--epochs', '1', '--layers', 'relu1_1', '--out', 'of-moving-2.png'],
    ],
    ['spot-difference', ['spot-difference', 'dance.gif', 'first.png', '--out', 'of-moving-3.png']],
    ['a mask', [...still, '--mask', 'dance.gif', '--out', 'of-moving-4.png']],
  ])('takes the first frame for %s, and says so', async (_what, words) => {
    const { code, stdout, stderr } = await host.run(words);

    expect(code, stderr).toBe(0);
    expect(stdout).toContain('\nOf dance.gif, which moves, the first frame counts.\n');
  });

  it.each<['gif' | 'png' | 'webp', number, RegExp]>([
    ['gif', 3, /^The animation is .*3 frames of 3/],
    ['png', 3, /^The animation is .*3 frames of 3/],
    ['webp', 3, /^The animation is .*3 frames of 3/],
    ['gif', 1, /^The picture is /],
  ])('says of a .%s that is cut off that %i of its frames came whole', async (format, whole, result) => {
    const draw = { gif: drawnGif, png: drawnPng, webp: drawnWebp }[format];
    const all = await draw({ width: 6, height: 3, loops: 2, frames: drawings.map((drawing) => ({ drawing })) });
    const name = `cut-${whole}.${format}`;
    // The longest beginning of the file in which so many frames are whole.
    let length = all.length;
    const framesIn = (end: number) => movementOf(all.subarray(0, end)).cameWhole ?? Number.POSITIVE_INFINITY;
    while (framesIn(length) > whole) length--;
    await writeFile(join(folder, name), all.subarray(0, length));

    const { code, stdout, stderr } = await host.run([
      'stylize',
      name,
      ...quick.slice(2),
      '--out',
      `${name}.${whole === 1 ? 'png' : 'webp'}`,
    ]);

    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(result);
    expect(stdout).toContain(`\nThe content is cut off or damaged: of its frames, ${whole} came whole.\n`);
  });

  it.each(['gif', 'png', 'webp'] as const)('says of a .%s that frames of it are damaged', async (format) => {
    const draw = { gif: drawnGif, png: drawnPng, webp: drawnWebp }[format];
    const all = await draw({ width: 6, height: 3, loops: 2, frames: drawings.map((drawing) => ({ drawing })) });
    const name = `damaged.${format}`;
    await writeFile(join(folder, name), withDamagedFrame(withDamagedFrame(all, format, 1), format, 3));
    const run = (out: string, ...options: readonly string[]) =>
      host.run(['stylize', name, ...quick.slice(2), '--out', `${format}-${out}`, ...options]);

    const moving = await run('damaged.webp');
    const report = JSON.parse((await run('damaged.webp', '--json')).stdout);
    const [first, second] = [await run('first.png', '--still', '1'), await run('second.png', '--still', '2')];

    expect(moving.code, moving.stderr).toBe(0);
    expect(moving.stdout).toContain('\n2 frames of the content are damaged, and show what was before them.\n');
    expect(report).toMatchObject({ frames: { painted: 5, inContent: 5 }, damagedFrames: 2, cameWhole: null });
    expect(first.stdout).not.toContain('damaged,');
    expect(second.stdout).toContain('\nOne frame of the content is damaged, and shows what was before it.\n');
  });

  it('paints the first frame of one that is too long', async () => {
    const endless = ['stylize', 'endless.gif', ...quick.slice(2)];
    const refused = await host.run([...endless, '--out', 'endless.webp']);
    const painted = await host.run([...endless, '--still', '1', '--out', 'endless.png']);

    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^whitewalker: endless\.gif: .*more than 3000 frames.*alone is painted with --still 1\.$/m,
    );
    expect(painted.code, painted.stderr).toBe(0);
    expect((await sharp(await readFile(join(folder, 'endless.png'))).metadata()).width).toBe(48);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a result that could not move', ['--out', 'a.jpg'], /content moves.*"a\.jpg".*\.webp, \.gif or \.png.*--still 1/],
    ['how it came about', ['--gif', 'a.gif'], /"dance\.gif" moves: leave --gif out.*--still 1.*--out/],
    ['a frame that it does not have', ['--still', '6'], /"dance\.gif" has 5 frames: .* from 1 to 5/],
    ['no frame', ['--still', '0'], /'0' is invalid.*whole number from 1 to 3000/],
    ['a single frame that moves', ['--frames', '1'], /'1' is invalid.*whole number from 2 to 3000.*--still 1\./],
    ['one frame of several', ['--still', '2', '--frames', '3'], /--still.*cannot be used with.*--frames/],
    ['a still as a GIF', ['--still', '2', '--out', 'a.gif'], /"a\.gif".*\.png/],
    ['itself as the result', ['--out', 'dance.gif'], /dance\.gif" would be overwritten/],
  ])('refuses %s', async (_what, options, message) => {
    const before = await readdir(folder);

    const { code, stdout, stderr } = await host.run([...quick, ...options]);

    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
    expect(await readdir(folder)).toEqual(before);
  });

  it('refuses another frame of a still', async () => {
    const { code, stderr } = await host.run(['stylize', 'content.jpg', ...quick.slice(2), '--still', '2']);

    expect(stderr).toMatch(/"content\.jpg" does not move: leave --still out\./);
    expect(code).toBe(2);
  });
});

function digested(file: Uint8Array): string {
  return `sha256:${pictureDigest(file)}`;
}
