import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { requireBuild } from '../command-line/program.js';

const canLimit = spawnSync('prlimit', ['--version']).status === 0;

test.skipIf(!canLimit)('a decoder that gets no memory is told from a damaged picture', async () => {
  requireBuild();
  const folder = await mkdtemp(join(tmpdir(), 'whitewalker-scarce-'));
  const plain = (side: number) => sharp({ create: { width: side, height: side, channels: 3, background: 'red' } });
  const large = plain(7000);
  const files = {
    'small.png': await plain(64).png().toBuffer(),
    // A progressive JPEG is held as a whole, and so is a WebP.
    'large.jpg': await large.clone().jpeg({ progressive: true }).toBuffer(),
    'large.webp': await large.clone().webp({ effort: 0 }).toBuffer(),
    'damaged.png': (await plain(64).png().toBuffer()).fill(0xff, 45, 60),
  };
  try {
    const paths = await Promise.all(
      Object.entries(files).map(async ([name, bytes]) => {
        await writeFile(join(folder, name), bytes);
        return join(folder, name);
      }),
    );
    const fixture = join(packageRoot(), 'test', 'fixtures', 'decode-in-little-memory.mjs');
    const decode = join(packageRoot(), 'dist', 'src', 'imaging', 'decode.js');
    const { stdout } = await promisify(execFile)(process.execPath, [fixture, decode, String(80e6), ...paths]);
    const tooLittle = (format: string) =>
      expect.stringMatching(
        new RegExp(`^image/out-of-memory There is too little memory to open this ${format} picture; .*ulimit -v`),
      );
    expect(stdout.trim().split('\n')).toEqual([
      'decoded',
      tooLittle('JPEG'),
      tooLittle('WebP'),
      expect.stringMatching(/^image\/(?:damaged|truncated) /),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.skipIf(!canLimit)(
  'a picture that there is too little memory to write is written smaller, or refused in words',
  async () => {
    requireBuild();
    const fixture = join(packageRoot(), 'test', 'fixtures', 'encode-in-little-memory.mjs');
    const modules = join(packageRoot(), 'dist', 'src');

    const { stdout } = await promisify(execFile)(process.execPath, [fixture, modules, String(80e6), '3000']);

    const refusal =
      'image/no-memory-to-write There is too little memory to write the picture as a file; please take a smaller';
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringContaining(`webp: ${refusal}`),
      'named.webp: smaller',
      'result that moves: smaller',
    ]);
  },
);
