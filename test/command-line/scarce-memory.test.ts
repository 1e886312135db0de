import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canLimitAddressSpace, limitAddressSpace } from '../scarce-address-space.js';
import { folderWithPictures, requireBuild, whitewalker } from './program.js';

let folder: string;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
});
afterAll(() => rm(folder, { recursive: true }));

/** Too little for the next scale, and enough for what Node.js itself asks for now and then. */
const spareBytes = 120e6;

describe.skipIf(!canLimitAddressSpace)('stylize with too little memory', () => {
  it('writes the coarser picture where memory runs out at a finer scale, and says so', async () => {
    let isLimited = false;
    const args = ['stylize', 'content.jpg', 'style.png', '--size', '896', '--epochs', '2,1', '--out', 'a.png'];
    const { code, stdout, stderr } = await whitewalker(folder, [...args, '--json'], {
      watch: (text, { pid }) => {
        if (isLimited || pid === undefined || !text.includes('epoch 1/3')) return;
        isLimited = true;
        limitAddressSpace(pid, spareBytes);
      },
    });
    expect(code, stderr).toBe(0);
    expect(stderr.split('\n').filter((line) => line !== '' && !line.startsWith('epoch'))).toEqual([]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ shrunk: { asked: 896, made: 448 }, failure: null, width: 448, epochs: 2 });
    expect(await sharp(await readFile(join(folder, 'a.png'))).metadata()).toMatchObject({ width: 448, height: 299 });
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
