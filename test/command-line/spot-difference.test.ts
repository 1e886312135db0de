import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWithPictures, requireBuild } from './program.js';
import { ProgramHost } from './program-host.js';

let folder: string;
let host: ProgramHost;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
  const patch = await sharp({ create: { width: 12, height: 10, channels: 3, background: '#20c040' } })
    .png()
    .toBuffer();
  const changed = sharp(await readFile(join(folder, 'content.jpg'))).composite([
    { input: patch, left: 20, top: 16 },
    { input: patch, left: 60, top: 40 },
  ]);
  await changed.png().toFile(join(folder, 'changed.png'));
  host = new ProgramHost(folder);
});
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true });
});

describe('whitewalker spot-difference', () => {
  it('circles the differences, shows how they come about, and prints one JSON object', async () => {
    const before = await readdir(folder);
    const { code, stdout, stderr } = await host.run([
      'spot-difference',
      'content.jpg',
      'changed.png',
      '--out',
      'still.webp',
      '--gif',
      'morph.gif',
      '--epochs',
      '12',
      '--json',
    ]);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      likeness: 'different',
      found: 2,
      width: 96,
      height: 64,
      shiftX: 0,
      shiftY: 0,
      epochs: 12,
      out: 'still.webp',
      gif: 'morph.gif',
      stopped: false,
    });
    expect(report.regions).toHaveLength(2);
    expect(report.loss).toBeLessThan(1e-4);
    expect((await readdir(folder)).filter((name) => !before.includes(name)).toSorted()).toEqual([
      'morph.gif',
      'still.webp',
    ]);
    const still = await sharp(await readFile(join(folder, 'still.webp'))).metadata();
    expect([still.format, still.height, (still.width ?? 0) > 192]).toEqual(['webp', 64, true]);
    const animation = await sharp(await readFile(join(folder, 'morph.gif'))).metadata();
    expect(animation).toMatchObject({ format: 'gif', width: 96, height: 64 });
    expect(animation.pages).toBeGreaterThan(10);
    expect(stderr).toMatch(/^epoch 1\/12, 2 found \(96×64\), loss \d\.\d{4}, \d+ s left$/m);
  });

  it('says so where there is no difference, and names the still after both', async () => {
    const { code, stdout } = await host.run(['spot-difference', 'content.jpg', './content.jpg']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      'The pictures are identical, to the last pixel.\nBoth pictures are in content-content-difference.png.\n',
    );
  });
});
