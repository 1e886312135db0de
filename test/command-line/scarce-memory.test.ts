import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failingRuntime } from '../failing-runtime.js';
import { folderWithPictures, requireBuild, whitewalker } from './program.js';
import { ProgramHost } from './program-host.js';

let folder: string;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
});
afterAll(() => rm(folder, { recursive: true }));

describe('stylize with too little memory', () => {
  let host: ProgramHost;
  beforeAll(() => {
    host = new ProgramHost(folder, { environment: failingRuntime(256, '') });
  });
  afterAll(() => host.end());

  it.each([
    ['std::bad_alloc', 176, null, 'there was not enough memory.'],
    ['illegal instruction', 128, expect.stringContaining('illegal instruction'), 'computing failed: ONNX Runtime'],
  ])('writes the picture that there is when a finer scale fails: %s', async (cause, made, failure, words) => {
    // So deep a layer sees so far that no piece would be narrower than what fails.
    const layers = ['--style-layers', 'relu1_1:1,relu5_1:1'];
    const args = [
      'stylize',
      'content.jpg',
      'style.png',
      '--size',
      '256',
      '--epochs',
      '2,1',
      ...layers,
      '--out',
      'a.png',
    ];
    const environment = failingRuntime(256, cause);
    const { code, stdout, stderr } = await host.run([...args, '--json'], environment);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ shrunk: { asked: 256, made }, failure, width: made });
    expect(await sharp(await readFile(join(folder, 'a.png'))).metadata()).toMatchObject({ width: made });
    const inWords = await host.run(args, environment);
    expect(inWords.stdout).toContain(`Made at ${made} instead of 256 pixels: ${words}`);
  });

  it('knows beforehand what a picture takes, and makes it smaller', async () => {
    // Such a layer is quick, but takes as much memory as any at its size: the picture is as large as fits in the smallest pieces.
    const layers = ['--content-layers', 'relu1_1:1', '--style-layers', 'relu1_1:1'];
    const size = ['--size', '1024', '--epochs', '1,'];
    const args = ['stylize', 'content.jpg', 'style.png', ...size, ...layers, '--out', 'b.png', '--json'];
    const made: number[] = [];
    for (const megabytes of ['300', '320']) {
      const { code, stdout, stderr } = await host.run(args, { MEMORY_MB: megabytes });
      expect(code, stderr).toBe(0);
      const { shrunk, failure } = JSON.parse(stdout);
      expect([shrunk.asked, failure]).toEqual([1024, null]);
      made.push(shrunk.made);
    }
    const [less = Number.NaN, more = Number.NaN] = made;
    expect([64 <= less, less < more, more < 1024]).toEqual([true, true, true]);
  });

  it('paints where the address space has no room for WebAssembly', async () => {
    const args = ['stylize', 'content.jpg', 'style.png', '--size', '64', '--epochs', '2', '--json'];
    const paint = async (out: string, limit?: string) => {
      const { code, stdout, stderr } = await whitewalker(folder, [...args, '--out', out], {
        environment: { THREADS: '1' },
        ...(limit !== undefined && { limit }),
      });
      expect(code, stderr).toBe(0);
      return { ...JSON.parse(stdout), bytes: await readFile(join(folder, out)) };
    };
    const scarce = await paint('scarce.png', '-v 4000000');
    const usual = await paint('usual.png');
    expect(scarce.loss).toEqual(usual.loss);
    expect(scarce.bytes.equals(usual.bytes)).toBe(true);
  });
});
