import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { paint, printReport } from '../../src/command-line/paint.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { textureWork } from '../../src/works/texture.js';
import { withMemoryFor } from '../compute/scarce-memory.js';
import { folderWithPictures } from './program.js';

let folder: string;
beforeAll(async () => {
  folder = await folderWithPictures();
});
afterAll(() => rm(folder, { recursive: true }));

describe('a command that has too little memory', () => {
  const request = (width: number) => ({
    task: { kind: 'texture', size: 128, epochs: 2, tile: true } as const,
    files: new Map([['style', join(folder, 'style.png')] as const]),
    out: join(folder, 'texture.png'),
    gif: join(folder, 'texture.gif'),
    openEngine: vi.fn(async () => withMemoryFor(await openEngine({ threads: 1 }), width)),
  });
  const terminal = { signal: new AbortController().signal, show: () => {} };

  it('paints at the next smaller size, with the engine that is open, and says so', async () => {
    const asked = request(128);
    const { painting, report } = await paint(textureWork, asked, terminal);
    expect(asked.openEngine).toHaveBeenCalledOnce();
    expect(painting.picture.width).toBe(80);
    expect(report).toMatchObject({ shrunk: { asked: 128, made: 80 }, stopped: false, epochs: 2 });
    for (const path of [asked.out, asked.gif]) {
      expect(await sharp(await readFile(path)).metadata()).toMatchObject({ width: 80, height: 80 });
    }

    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    printReport(report, false, ['The texture is there.']);
    printReport(report, true, []);
    const [sentences, json] = write.mock.calls.map(([text]) => String(text));
    write.mockRestore();
    expect(sentences).toBe('The texture is there.\nMade at 80 instead of 128 pixels: there was not enough memory.\n');
    expect(JSON.parse(json ?? '')).toMatchObject({ shrunk: { asked: 128, made: 80 } });
  });

  it('writes nothing if that is too much as well', async () => {
    const before = await readdir(folder);
    const asked = { ...request(64), out: join(folder, 'none.png'), gif: join(folder, 'none.gif') };
    await expect(paint(textureWork, asked, terminal)).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(await readdir(folder)).toEqual(before);
  });
});
