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

const quick = ['layers', 'content.jpg', '--size', '64', '--layers', 'relu1_1,conv2_2'];

describe('whitewalker layers', () => {
  it('writes a sheet and an animation of the layers, and prints one JSON object', async () => {
    const files = ['--out', 'sheet.png', '--gif', 'growing.gif'];
    const { code, stdout, stderr } = await host.run([...quick, ...files, '--epochs', '6', '--json']);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      network: 'vgg19-lite',
      width: 64,
      height: 43,
      layers: [
        { layer: 'relu1_1', epochs: 6 },
        { layer: 'conv2_2', epochs: 6 },
      ],
      epochs: 12,
      out: 'sheet.png',
      gif: 'growing.gif',
      stopped: false,
    });
    for (const { loss, startLoss } of report.layers) expect(loss).toBeLessThan(startLoss);
    // The sheet has two columns of 64 pixels, for the original and two layers, with gaps of 4.
    expect((await sharp(await readFile(join(folder, 'sheet.png'))).metadata()).width).toBe(4 + 2 * 68);
    expect((await sharp(await readFile(join(folder, 'growing.gif'))).metadata()).pages).toBeGreaterThan(3);
    expect(stderr).toMatch(/^epoch 1\/12, relu1_1 \(1\/2\), loss \d\.\d{4}, \d+ s left$/m);
    expect(stderr).toMatch(/^epoch 12\/12, conv2_2 \(2\/2\)/m);
  });

  it('refuses a sheet that its format has no room for before it paints, and says what has', async () => {
    const blocks = ['1_1', '1_2', '2_1', '2_2', '3_1', '3_2', '3_3'];
    const layers = ['conv', 'relu'].flatMap((kind) => blocks.map((block) => `${kind}${block}`));
    const large = ['--size', '4096', '--layers', layers.join(','), '--epochs', '1', '--out'];
    const { code, stdout, stderr } = await host.run(['layers', 'content.jpg', ...large, 'large.webp']);
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /A picture of \d+×\d+ is too large for WebP, whose sides have 16383 pixels at most; please write it as PNG, or take a smaller size\.$/m,
    );
    expect(stderr).not.toContain('epoch');
  });

  it('keeps what there is when it is interrupted, under the name of the picture', async () => {
    let sent = false;
    const { code, stdout, stderr } = await whitewalker(folder, [...quick, '--epochs', '5000'], {
      watch: (written, child) => {
        if (!sent && written.includes('epoch 1/10000')) sent = child.kill('SIGINT');
      },
    });
    expect([code, sent], stderr).toEqual([130, true]);
    expect(stdout).toMatch(/^Stopped early\. What the layers of vgg19-lite see is content-layers\.png\.$/m);
    expect(stdout).toMatch(/^relu1_1: \d+\.\d\d % of the loss is left after \d+ epochs?\.$/m);
    expect(await readdir(folder)).toContain('content-layers.png');
  });

  it.each([
    ['a layer that is not there', 'relu1_1,relu9_9', /"relu9_9" in vgg19-lite.*conv1_1, relu1_1.*relu5_1/],
    ['what is no layer', 'eyes', /"eyes".*relu3_2/],
    ['a layer twice', 'relu1_1,conv2_2, relu1_1', /"relu1_1" is there twice/],
  ])('refuses %s', async (_what, layers, message) => {
    const { code, stdout, stderr } = await host.run(['layers', 'content.jpg', '--layers', layers]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
