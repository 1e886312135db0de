import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWithPictures, requireBuild, whitewalker } from './program.js';
import { ProgramHost } from './program-host.js';

let folder: string;
let host: ProgramHost;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
  host = new ProgramHost(folder);
});
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true });
});

describe('whitewalker texture', () => {
  it('says that a style is transparent in places, as stylize does', async () => {
    const half = { create: { width: 64, height: 32, channels: 4, background: '#804020' } } as const;
    await sharp(half).extend({ bottom: 32, background: '#0000' }).toFile(join(folder, 'half.png'));
    const quick = ['--size', '48', '--epochs', '1', '--out', 'of-half.png'];
    for (const words of [
      ['texture', 'half.png'],
      ['stylize', 'content.jpg', 'half.png'],
    ]) {
      const told = await host.run([...words, ...quick]);
      expect(told.stdout, told.stderr).toContain('\nThe style is transparent in places: they count as white.\n');
      expect(JSON.parse((await host.run([...words, ...quick, '--json'])).stdout)).toMatchObject({
        styleIsTransparent: true,
      });
    }
  });

  it('writes a tile and an animation, and prints one JSON object', async () => {
    const options = ['--size', '64', '--epochs', '6', '--tile', '--style-layers', 'relu1_1,relu2_1:.5'];
    const files = ['--out', 'tile.webp', '--gif', 'tile.gif'];
    const { code, stdout, stderr } = await host.run(['texture', 'style.png', ...options, ...files, '--json']);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      network: 'vgg19-lite',
      width: 64,
      height: 64,
      tile: true,
      epochs: 6,
      out: 'tile.webp',
      gif: 'tile.gif',
      stopped: false,
    });
    expect(report.loss).toBeGreaterThan(0);
    expect(await sharp(await readFile(join(folder, 'tile.webp'))).metadata()).toMatchObject({
      format: 'webp',
      width: 64,
      height: 64,
    });
    expect((await sharp(await readFile(join(folder, 'tile.gif'))).metadata()).pages).toBeGreaterThan(3);
    expect(stderr).toMatch(/^epoch 1\/6, scale 1\/1 \(64×64\), loss \d+\.\d{4}, \d+ s left$/m);
  });

  it('keeps the best picture so far when it is interrupted, under the name of the style', async () => {
    let sent = false;
    const args = ['texture', 'style.png', '--size', '128', '--epochs', '5000'];
    const { code, stdout, stderr } = await whitewalker(folder, args, {
      watch: (written, child) => {
        if (!sent && written.includes('epoch 1/5000')) sent = child.kill('SIGINT');
      },
    });
    expect([code, sent], stderr).toEqual([130, true]);
    expect(stdout).toMatch(/^Stopped early\. The texture is style-texture\.png \(128×128\)\.$/m);
    expect(await readdir(folder)).toContain('style-texture.png');
  });

  it("is made of a preset's style, too", async () => {
    const args = ['texture', '--preset', 'wildfire', '--size', '64', '--epochs', '1'];
    const { code, stdout, stderr } = await host.run(args);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^The texture is wildfire-texture\.png \(64×64\)\.$/m);
    const unknown = await host.run(['texture', '--preset', 'wildfires']);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/no preset "wildfires"\. Choose from .*wildfire/),
    ]);
  });

  it.each([
    ['a layer that is not there', ['--style-layers', 'relu9_9'], /"relu9_9" in vgg19-lite.*relu5_1/],
    ['to write over the style', ['--out', 'style.png'], /style\.png" would be overwritten/],
    ['a preset beside a picture', ['--preset', 'wildfire'], /Give either the picture of a style, or --preset/],
    [
      'an option that only other commands have, and says which',
      ['--keep-colors'],
      /unknown option '--keep-colors'\n\(whitewalker texture --help tells what is possible\)\n\(--keep-colors is an option of stylize\)$/m,
    ],
  ])('refuses %s', async (_what, options, message) => {
    const { code, stdout, stderr } = await host.run(['texture', 'style.png', ...options]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
