import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '../../src/coded-error.js';
import { parseStyles, type StyleFile } from '../../src/command-line/style-arguments.js';

describe('styles on the command line', () => {
  it.each<[string, StyleFile]>([
    ['painting.jpg', { path: 'painting.jpg', weight: 1 }],
    ['painting.jpg:2', { path: 'painting.jpg', weight: 2 }],
    ['painting.jpg:.25', { path: 'painting.jpg', weight: 0.25 }],
    ['painting.jpg:1e-2', { path: 'painting.jpg', weight: 0.01 }],
    ['C:\\pictures\\painting.jpg', { path: 'C:\\pictures\\painting.jpg', weight: 1 }],
    ['C:\\pictures\\painting.jpg:3', { path: 'C:\\pictures\\painting.jpg', weight: 3 }],
    ['12:30.png', { path: '12:30.png', weight: 1 }],
    ['at 12:30:2', { path: 'at 12:30', weight: 2 }],
    ['painting.jpg:much', { path: 'painting.jpg:much', weight: 1 }],
    ['painting.jpg:', { path: 'painting.jpg:', weight: 1 }],
    [':2', { path: ':2', weight: 1 }],
  ])('are read from "%s"', (text, style) => {
    expect(parseStyles([text])).toEqual([style]);
  });

  it('may weigh nothing, as long as one counts', () => {
    expect(parseStyles(['a.png:0', 'b.png']).map(({ weight }) => weight)).toEqual([0, 1]);
    expect(() => parseStyles(['a.png:0', 'b.png:0'])).toThrow(
      expect.objectContaining({ key: 'usage/no-style-counts' }),
    );
  });

  it.each(['a.png:-1', 'a.png:1000001', 'a.png:1e9'])('are refused: "%s"', (text) => {
    expect(() => parseStyles([text])).toThrow(
      new CodedError(
        'usage',
        'bad-style-weight',
        `"${text}": the weight of a style must be a number from 0 to 1000000.`,
      ),
    );
  });

  describe.skipIf(process.platform === 'win32')('where there is a file of the whole name', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'whitewalker-styles-'));
      await writeFile(join(folder, 'noon 12:00'), '');
    });
    afterAll(() => rm(folder, { recursive: true }));

    it('are that file', () => {
      const path = join(folder, 'noon 12:00');
      expect(parseStyles([path, `${path}:2`])).toEqual([
        { path, weight: 1 },
        { path, weight: 2 },
      ]);
    });
  });
});
