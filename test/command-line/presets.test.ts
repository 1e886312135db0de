import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot, packageVersion } from '../../src/package-root.js';
import { folderWithPictures, requireBuild, whitewalker } from './program.js';

requireBuild();

const photo = join(packageRoot(), 'examples', 'astronaut.jpg');

it('paints in the style of a preset, with the recipe that suits it; options win over that', async () => {
  const folder = await folderWithPictures();
  const args = ['stylize', photo, '--preset', 'white-walker', '--size', '64', '--epochs', '1', '--json'];
  const { code, stdout } = await whitewalker(folder, args);
  expect(code).toBe(0);
  const { out, recipe } = JSON.parse(stdout);
  expect(out).toBe('astronaut-white-walker.png');
  // The layers of presets/presets.json.
  expect(recipe).toMatch(/content-layers=relu2_1:\.7,relu3_1:1,\S+ style-layers=relu1_1:3,/);
  const other = await whitewalker(folder, [...args, '--style-weight', '3']);
  expect(JSON.parse(other.stdout).recipe).toContain('style-weight=3');
});

it.each([
  ['neither a style nor a preset', [], 'Give either'],
  ['both', [photo, '--preset', 'wildfire'], 'Give either'],
  ['an unknown preset', ['--preset', 'wildfyre'], 'There is no preset "wildfyre". Choose from white-walker,'],
])('refuses %s', async (_, args, words) => {
  const run = await whitewalker(await folderWithPictures(), ['stylize', photo, ...args]);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
});

it('lists the presets with files that are there, and says its version', async () => {
  const folder = await folderWithPictures();
  const { stdout } = await whitewalker(folder, ['presets', '--json']);
  for (const { picture, thumbnail } of JSON.parse(stdout)) {
    expect((await readFile(picture)).length).toBeGreaterThan(0);
    expect((await readFile(thumbnail)).length).toBeGreaterThan(0);
  }
  const listed = (await whitewalker(folder, ['presets'])).stdout;
  expect(listed).toMatch(/^white-walker +\S.*\n +\S+\.(?:webp|jpg|png)\n/);
  expect(listed).toMatch(/^dragonglass +\S.*\n +Small faces lose eyes and mouth: .*\n +\S+\.(?:webp|jpg|png)\n/m);
  expect((await whitewalker(folder, ['--version'])).stdout).toBe(`${packageVersion()}\n`);
});
