import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
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

const quick = ['stylize', 'content.jpg', 'style.png', '--size', '64', '--epochs', '3'];

/** Returns how a recipe names a picture in the folder. */
async function named(name: string): Promise<string> {
  return `sha256:${createHash('sha256')
    .update(await readFile(join(folder, name)))
    .digest('hex')
    .slice(0, 16)}`;
}

/** Lists the files in the folder, hidden ones included, that were not there before. */
async function newFiles(before: readonly string[]): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !before.includes(name)).toSorted();
}

describe('whitewalker stylize', () => {
  it('writes a picture and an animation, and prints one JSON object', async () => {
    const before = await readdir(folder);
    const { code, stdout, stderr } = await whitewalker(folder, [
      ...quick,
      '--out',
      'a.png',
      '--gif',
      'a.gif',
      '--json',
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual([
      'network',
      'engine',
      'evaluations',
      'engineSeconds',
      'peakRssBytes',
      'epochs',
      'seconds',
      'out',
      'gif',
      'gifTrouble',
      'stopped',
      'shrunk',
      'failure',
      'movingInputs',
      'width',
      'height',
      'frames',
      'cameWhole',
      'damagedFrames',
      'styleMoves',
      'styleIsTransparent',
      'loss',
      'recipe',
    ]);
    expect(Object.keys(report.loss)).toEqual(['total', 'content', 'style', 'pixels', 'tv']);
    expect(Object.values(report.loss).every((value) => typeof value === 'number' && value > 0)).toBe(true);
    expect(report).toMatchObject({
      network: 'vgg19-lite',
      engine: 'onnx',
      width: 64,
      height: 43,
      epochs: 3,
      out: 'a.png',
      gif: 'a.gif',
      gifTrouble: null,
      frames: null,
      styleMoves: false,
      recipe: `network=vgg19-lite size=64 epochs=3 content=${await named('content.jpg')} styles=${await named('style.png')}`,
      stopped: false,
      shrunk: null,
      failure: null,
    });
    expect(report.evaluations).toBeGreaterThanOrEqual(3);
    expect(report.seconds).toBeGreaterThan(report.engineSeconds);
    expect(report.engineSeconds).toBeGreaterThan(0);
    expect(report.peakRssBytes).toBeGreaterThan(30e6);
    expect(report.peakRssBytes).toBeLessThan(4e9);

    expect(await newFiles(before)).toEqual(['a.gif', 'a.png']);
    expect(await sharp(await readFile(join(folder, 'a.png'))).metadata()).toMatchObject({
      format: 'png',
      width: 64,
      height: 43,
    });
    const animation = await sharp(await readFile(join(folder, 'a.gif'))).metadata();
    // The animation has the result's size, however large the content is.
    expect(animation).toMatchObject({ format: 'gif', width: 64, height: 43 });
    expect(animation.pages).toBeGreaterThanOrEqual(2);

    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const [index, line] of lines.entries()) {
      expect(line).toMatch(
        new RegExp(`^epoch ${index + 1}/3, scale 1/1 \\(64×43\\), loss \\d+\\.\\d{4}, \\d+ s left$`),
      );
    }
  });

  it.each([
    ['jpg', 'jpeg'],
    ['webp', 'webp'],
  ])('writes .%s as its name says, and tells so in a sentence', async (extension, format) => {
    const out = `picture.${extension}`;
    const { code, stdout } = await host.run([...quick, '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^The picture is ${out} \\(64×43\\)\\.\n3 epochs with vgg19-lite in [\\d.]+ s\\.\nRecipe: .*\n$`),
    );
    expect(await sharp(await readFile(join(folder, out))).metadata()).toMatchObject({ format, width: 64, height: 43 });
  });

  it('names the picture after both others where nobody names it', async () => {
    const before = await readdir(folder);
    expect((await host.run(quick)).code).toBe(0);
    expect(await newFiles(before)).toEqual(['content-style.png']);
  });

  it('takes several styles and every option there is, and the recipe that comes of them', async () => {
    const options = {
      '--network': 'vgg19-lite',
      '--weights': bundledWeights('vgg19-lite'),
      '--engine': 'onnx',
      '--pooling': 'max',
      '--style-weight': '20',
      '--content-weight': '.5',
      '--tv-weight': '0',
      '--init': 'noise',
      '--optimizer': 'adam',
      '--learning-rate': '.01',
      '--history': '5',
      '--style-scale': '1.5',
      '--keep-colors': 'match',
      '--statistic': 'moments',
      '--protect': '.5',
      '--region': '0,0,50,100',
      '--feather': '4',
      '--content-layers': 'relu2_2',
      '--style-layers': 'relu1_1:1,conv2_1:.5',
      '--seed': '7',
      '--out': 'options.png',
    };
    const args = [
      'stylize',
      'content.jpg',
      'style.png:2',
      'content.jpg:.5',
      '--size',
      '64',
      '--epochs',
      '2,1',
      '--json',
    ];
    const { code, stdout, stderr } = await host.run([...args, ...Object.entries(options).flat()]);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout);
    const recipe =
      'network=vgg19-lite pooling=max size=64 epochs=2,1 content-weight=.5 style-weight=20 tv-weight=0 ' +
      'content-layers=relu2_2:1 style-layers=relu1_1:1,conv2_1:.5 style-scale=1.5 keep-colors=match ' +
      'statistic=moments protect=.5 regions=0,0,50,100 feather=4 init=noise seed=7 optimizer=adam learning-rate=.01 history=5 ' +
      `content=${await named('content.jpg')} styles=${await named('style.png')},${await named('content.jpg')} mix=2:.5`;
    expect(report).toMatchObject({ epochs: 3, evaluations: 3, out: 'options.png', gif: null, recipe });

    // Files are known by their digests, so neither their order nor their weights need be given again.
    const again = ['stylize', 'content.jpg', 'content.jpg', 'style.png', '--recipe', recipe, '--out', 'again.png'];
    expect((await host.run(again)).stdout).toContain(`Recipe: ${recipe}\n`);
    expect(await readFile(join(folder, 'again.png'))).toEqual(await readFile(join(folder, 'options.png')));
    const weighed = [
      'stylize',
      'content.jpg',
      'style.png:4',
      'content.jpg:1',
      '--recipe',
      recipe,
      '--out',
      'again.png',
    ];
    expect((await host.run(weighed)).stdout).toContain('mix=4:1\n');
    expect(await readFile(join(folder, 'again.png'))).toEqual(await readFile(join(folder, 'options.png')));
  });

  it('paints the styles that a recipe names, and says which pictures of it are lacking', async () => {
    const [content, style] = [await named('content.jpg'), await named('style.png')];
    const few = 'size=64 epochs=1';
    const preset = ['stylize', 'content.jpg', '--out', 'preset.png', '--recipe'];
    expect((await host.run([...preset, `${few} styles=weirwood`])).stdout).toMatch(/style-layers=.* styles=weirwood\n/);
    const blend = [...preset.slice(0, 2), 'style.png', ...preset.slice(2), `${few} styles=weirwood,${style} mix=1:3`];
    expect((await host.run(blend)).stdout).toContain(`styles=weirwood,${style} mix=1:3\n`);
    const other = [...preset.slice(0, 2), 'content.jpg', ...preset.slice(2), `${few} styles=weirwood,${style} mix=1:3`];
    expect((await host.run(other)).stdout).toContain(` styles=${content}\n`);
    const alone = await host.run([
      'stylize',
      '--recipe',
      `content=${content} styles=weirwood,${style} mask=${content}`,
    ]);
    expect(alone).toMatchObject({ code: 2, stdout: '' });
    expect(alone.stderr).toContain(
      `the content (${content}), style 2 (${style}), the mask (${content}). Give their files`,
    );
    const unknown = await host.run(['stylize', 'content.jpg', '--recipe', 'styles=winter']);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no preset "winter"') });
  });

  it("keeps the content's transparency where the format knows it, and lays it on a colour where it is told to", async () => {
    const hole = { create: { width: 16, height: 64, channels: 4, background: 'black' } } as const;
    await sharp(await readFile(join(folder, 'content.jpg')))
      .ensureAlpha()
      .composite([{ input: hole, left: 0, top: 0, blend: 'dest-out' }])
      .png()
      .toFile(join(folder, 'hole.png'));
    const paint = async (out: string, ...more: string[]) => {
      const args = ['stylize', 'hole.png', 'style.png', '--size', '96', '--epochs', '2', '--out', out, ...more];
      expect((await host.run(args)).code).toBe(0);
      return sharp(await readFile(join(folder, out)))
        .raw()
        .toBuffer({ resolveWithObject: true });
    };
    const { data: png, info } = await paint('hole-out.png', '--gif', 'hole.gif');
    expect(info.channels).toBe(4);
    expect([png[3], png[4 * 60 + 3], png[4 * (40 * 96 + 5) + 3]]).toEqual([0, 255, 0]);
    const pages = (await sharp(await readFile(join(folder, 'hole.gif'))).metadata()).pages ?? 0;
    for (const page of [0, pages - 1]) {
      const frame = await sharp(await readFile(join(folder, 'hole.gif')), { page })
        .ensureAlpha()
        .raw()
        .toBuffer();
      expect([frame[3], frame[4 * 60 + 3]]).toEqual([0, 255]);
    }
    expect((await paint('hole.webp')).info.channels).toBe(4);
    const jpeg = await paint('hole.jpg');
    expect([jpeg.info.channels, ...jpeg.data.subarray(3 * 2, 3 * 3)]).toEqual([3, 255, 255, 255]);
    const red = await paint(
      'red.png',
      '--background',
      '#f00',
      '--epochs',
      '1',
      '--init',
      'content',
      '--style-weight',
      '0',
    );
    expect(red.info.channels).toBe(3);
    const [r = 0, g = 0, b = 0] = red.data.subarray(3 * (40 * 96 + 4), 3 * (40 * 96 + 5));
    expect(r).toBeGreaterThan(200);
    expect(Math.max(g, b)).toBeLessThan(60);
  });

  it('changes nothing outside of a mask and the regions', async () => {
    const white = { create: { width: 32, height: 64, channels: 3, background: 'white' } } as const;
    const black = { create: { width: 96, height: 64, channels: 3, background: 'black' } } as const;
    const left = await sharp(white).png().toBuffer();
    // JPEG is lossy, so that the mask's black is not quite black.
    await sharp(black)
      .composite([{ input: left, left: 0, top: 0 }])
      .jpeg()
      .toFile(join(folder, 'mask.jpg'));
    const args = [
      ...quick,
      '--size',
      '96',
      '--mask',
      'mask.jpg',
      '--region',
      '80,0,10,50',
      '--region',
      '90,0,10,50',
      '--out',
      'masked.png',
    ];
    const { code, stdout } = await host.run(args);
    expect([code, stdout]).toEqual([0, expect.stringContaining('regions=80,0,10,50;90,0,10,50')]);
    const pixels = async (name: string) =>
      sharp(await readFile(join(folder, name)))
        .raw()
        .toBuffer();
    const [before, after] = [await pixels('content.jpg'), await pixels('masked.png')];
    const changeIn = (from: number, to: number, top: number, bottom: number) => {
      const changes = [...after].flatMap((value, i) => {
        const [x, y] = [Math.floor(i / 3) % 96, Math.floor(i / (3 * 96))];
        return x >= from && x < to && y >= top && y < bottom ? [Math.abs(value - (before[i] ?? 0))] : [];
      });
      return changes.reduce((sum, change) => sum + change, 0) / changes.length;
    };
    expect(changeIn(33, 76, 0, 64)).toBeLessThan(0.1);
    expect(changeIn(76, 96, 33, 64)).toBeLessThan(0.1);
    expect(changeIn(0, 30, 0, 64)).toBeGreaterThan(5);
    expect(changeIn(80, 96, 0, 30)).toBeGreaterThan(5);
  });

  it('paints what has a colour in the mask in a style of its own, and the same again by the recipe', async () => {
    const half = (color: string) => ({ create: { width: 48, height: 64, channels: 3, background: color } }) as const;
    const right = await sharp(half('#00f')).png().toBuffer();
    await sharp({ create: { width: 96, height: 64, channels: 3, background: '#f00' } })
      .composite([{ input: right, left: 48, top: 0 }])
      .jpeg()
      .toFile(join(folder, 'zones.jpg'));
    const [content, style, mask] = [await named('content.jpg'), await named('style.png'), await named('zones.jpg')];
    const args = ['stylize', 'content.jpg', '--size', '64', '--epochs', '2', '--mask', 'zones.jpg'];
    const placed = ['--style-for', '#F00=style.png:2', '--style-for', '#ff0000=content.jpg', '--out', 'zoned.png'];
    const { code, stdout } = await host.run([...args, '--preset', 'weirwood', ...placed]);
    const pictures = `styles=weirwood,${style},${content} mix=1:2:1 mask=${mask} style-colors=rest,#ff0000,#ff0000`;
    expect([code, stdout]).toEqual([0, expect.stringContaining(`content=${content} ${pictures}\n`)]);
    const recipe = stdout.slice(stdout.indexOf('Recipe: ')).trim();
    const again = ['content.jpg', 'style.png', '--mask', 'zones.jpg', '--out', 'zoned-2.png', '--recipe', recipe];
    expect((await host.run(['stylize', 'content.jpg', ...again])).stdout).toContain(pictures);
    const [first, second] = [await readFile(join(folder, 'zoned.png')), await readFile(join(folder, 'zoned-2.png'))];
    expect(second.equals(first)).toBe(true);

    const presets = ['--style-for', '#f00=preset:wildfire:2', '--style-for', 'rest=preset:weirwood'];
    const ofPresets = await host.run([...args, ...presets, '--out', 'presets.png']);
    expect(ofPresets.stdout).toContain('styles=wildfire,weirwood mix=2:1');
    const told = ofPresets.stdout.slice(ofPresets.stdout.indexOf('Recipe: ')).trim();
    await host.run(['stylize', 'content.jpg', '--mask', 'zones.jpg', '--out', 'presets-2.png', '--recipe', told]);
    const both = await Promise.all(['presets.png', 'presets-2.png'].map((name) => readFile(join(folder, name))));
    expect(both[1]).toEqual(both[0]);

    const unpainted = ['--style-for', '#f00=style.png', '--style-for', '#00f=style.png:0', '--out', 'zoned-3.png'];
    expect(await host.run([...args, ...unpainted])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('mix=1:0'),
    });
    const lacking = await host.run([...args, '--style-for', '#ff00ff=style.png']);
    expect(lacking).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^whitewalker: zones\.jpg: The mask has no pixel of #ff00ff\. .*#ff0000.*$/m),
    });
  });

  it('leaves nothing anywhere else: ONNX Runtime keeps a diary for its maker unless it is told not to', async () => {
    const home = join(folder, 'home');
    await mkdir(home);
    const environment = { HOME: home, TMPDIR: home, XDG_CACHE_HOME: home };
    expect((await whitewalker(folder, [...quick, '--out', 'quiet.png'], { environment })).code).toBe(0);
    expect(await readdir(home, { recursive: true })).toEqual([]);
  });

  it('tells what is possible', async () => {
    const { code, stdout, stderr } = await host.run(['help', 'stylize']);
    expect([code, stderr]).toEqual([0, '']);
    for (const option of ['--out', '--gif', '--network', '--engine', '--size', '--epochs', '--init', '--json']) {
      expect(stdout).toContain(option);
    }
  });
});
