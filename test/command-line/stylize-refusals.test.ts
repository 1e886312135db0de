import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
import { folderWithPictures, requireBuild, whitewalker } from './program.js';
import { ProgramHost } from './program-host.js';

let folder: string;
let before: readonly string[];
let host: ProgramHost;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
  await mkdir(join(folder, 'folder.png'));
  await writeFile(join(folder, 'notes.png'), 'This is a text and no picture.');
  await sharp({ create: { width: 32, height: 32, channels: 3, background: 'black' } }).toFile(
    join(folder, 'black.png'),
  );
  const weights = await readFile(bundledWeights('vgg19-lite'));
  await writeFile(join(folder, 'damaged.safetensors'), weights.subarray(0, 100_000));
  before = await readdir(folder);
  host = new ProgramHost(folder);
});
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true });
});

const quick = ['stylize', 'content.jpg', 'style.png', '--size', '64', '--epochs', '3'];

/** Expects that a run ends with this exit code and message, without a stack, and leaves no file behind, not even a hidden one. */
async function expectRefusal(args: readonly string[], exitCode: number, message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await host.run(args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect([code, stdout]).toEqual([exitCode, '']);
  expect(await readdir(folder)).toEqual(before);
}

describe('whitewalker stylize refuses with exit code 2, and says what is possible', () => {
  const using = (...options: readonly string[]) => ['stylize', 'content.jpg', 'style.png', '--epochs', '2', ...options];
  const layers = /"relu9_9" in vgg19-lite.*conv1_1, relu1_1.*relu5_1/;

  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['paint'], /unknown command 'paint'/],
    ['no content', ['stylize'], /Give the picture to be painted: whitewalker stylize CONTENT STYLE/],
    ['no style', ['stylize', 'content.jpg'], /Give either the picture of a style, or --preset/],
    ['an unknown option', using('--sizes', '64'), /unknown option '--sizes'.*Did you mean --size\?/s],
    ['a tiny size', using('--size', '3'), /'3' is invalid.*whole number from 32 to 4096/],
    ['no epochs', using('--epochs', '0'), /'0' is invalid.*whole number from 1 to 10000/],
    ['a recipe with a key that is none', using('--recipe', 'sizes=64'), /There is no "sizes" in recipes/],
    ['a missing second style', using('gone.png:2'), /"gone\.png".*nothing of that name/],
    ['a region that is none', using('--region', '1,2'), /"1,2" is no region.*25,10,50,40/],
    ['too much protection', using('--protect', '2'), /'2' is invalid.*a number from 0 to 1/],
    ['edges where there are none', using('--feather', '9'), /Feather fades the edges.*give --mask or --region/],
    [
      'a style for no colour',
      using('--style-for', 'red=style.png'),
      /It must be a colour of the mask, or rest, and a picture/,
    ],
    ['an unknown preset for a colour', using('--style-for', '#f00=preset:x'), /There is no preset "x"\. Choose from/],
    ['styles for colours without a mask', using('--style-for', '#f00=style.png'), /need --mask/],
    [
      'regions beside styles for colours',
      using('--style-for', '#f00=style.png', '--mask', 'mask.png', '--region', '1,2,30,40'),
      /--region goes without --style-for/,
    ],
    ['a missing mask', using('--mask', 'gone.png'), /"gone\.png".*nothing of that name/],
    [
      'a result in place of the mask',
      using('--mask', 'mask.png', '--out', 'mask.png'),
      /mask\.png" would be overwritten/,
    ],
    ['an unknown engine', using('--engine', 'tf'), /'tf' is invalid.*auto, onnx/],
    ['an unknown network', using('--network', 'x'), /'x' is invalid.*vgg19, vgg16, vgg19-lite/],
    ['an unknown pooling', using('--pooling', 'median'), /max, average/],
    ['a content layer that is not there', using('--content-layers', 'relu9_9'), layers],
    ['a style layer that is not there', using('--style-layers', 'relu1_1,relu9_9:2'), layers],
    ['a result without an extension', using('--out', 'result'), /"result".*\.png, \.jpg, \.jpeg, \.webp, \.avif/],
    ['a result of another kind', using('--out', 'result.bmp'), /"result\.bmp".*\.png/],
    ['an animation that is no GIF', using('--gif', 'result.png'), /end "result\.png" with \.gif/],
    ['a result in a missing folder', using('--out', 'nowhere/a.png'), /"nowhere\/a\.png".*existing folder/],
    ['an animation in a missing folder', using('--gif', 'nowhere/a.gif'), /"nowhere\/a\.gif".*existing folder/],
    ['a result in what is no folder', using('--out', 'style.png/a.png'), /"style\.png\/a\.png".*existing folder/],
    ['a result that is a folder', using('--out', 'folder.png'), /"folder\.png".*it is a folder/],
    ['a result in place of the content', using('--out', './content.jpg'), /content\.jpg" would be overwritten/],
    ['a missing picture', ['stylize', 'content.jpg', 'gone.png'], /"gone\.png".*nothing of that name/],
    [
      'a device without an end as the content',
      ['stylize', '/dev/zero', 'style.png'],
      /"\/dev\/zero" is larger than 200 MiB/,
    ],
    [
      'a device without an end as a style',
      ['stylize', 'content.jpg', '/dev/zero'],
      /"\/dev\/zero" is larger than 200 MiB/,
    ],
    ['a number of frames of a still', using('--frames', '4'), /"content\.jpg" does not move: leave --frames out/],
    ['a frame of a still', using('--still', '2'), /"content\.jpg" does not move: leave --still out/],
    ['a folder as a picture', ['stylize', 'folder.png', 'style.png'], /"folder\.png".*it is a folder/],
  ])('%s', (_what, args, message) => expectRefusal(args, 2, message));

  it('what the environment asks for', async () => {
    const { code, stderr } = await whitewalker(folder, quick, { environment: { THREADS: 'many' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/THREADS.*"many".*whole number/);
  });
});

describe('whitewalker stylize fails with exit code 1, and names the file', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['that is no picture', ['stylize', 'notes.png', 'style.png'], /^whitewalker: notes\.png: .*\.$/m],
    ['of a style that is no picture', ['stylize', 'content.jpg', 'notes.png'], /^whitewalker: notes\.png: .*\.$/m],
    [
      'of a mask that is black',
      [...quick, '--mask', 'black.png'],
      /^whitewalker: black\.png: .*black everywhere.*\.$/m,
    ],
    [
      'of damaged weights',
      [...quick, '--weights', 'damaged.safetensors'],
      /^whitewalker: damaged\.safetensors, tensor "conv\d_\d.*\.$/m,
    ],
    ['of missing weights', [...quick, '--weights', 'gone.safetensors'], /^whitewalker: gone\.safetensors: .*\.$/m],
    [
      'of weights without an end',
      [...quick, '--weights', '/dev/zero'],
      /^whitewalker: \/dev\/zero: it is larger than 1 GiB.*\.$/m,
    ],
    ['of weights that are something else', [...quick, '--weights', 'style.png'], /^whitewalker: style\.png: .*\.$/m],
  ])('%s', (_what, args, message) => expectRefusal(args, 1, message));
});
