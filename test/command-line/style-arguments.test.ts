import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '../../src/coded-error.js';
import { parseStyle, type WrittenStyle, weighedStyles } from '../../src/command-line/style-arguments.js';

const weights = (texts: readonly string[], mix?: readonly number[]) =>
  weighedStyles(texts.map(parseStyle), mix).map(({ weight }) => weight);

describe('styles on the command line', () => {
  it.each<[string, WrittenStyle]>([
    ['painting.jpg', { path: 'painting.jpg', weight: undefined }],
    ['painting.jpg:2', { path: 'painting.jpg', weight: 2 }],
    ['painting.jpg:.25', { path: 'painting.jpg', weight: 0.25 }],
    ['painting.jpg:1e-2', { path: 'painting.jpg', weight: 0.01 }],
    ['C:\\pictures\\painting.jpg', { path: 'C:\\pictures\\painting.jpg', weight: undefined }],
    ['C:\\pictures\\painting.jpg:3', { path: 'C:\\pictures\\painting.jpg', weight: 3 }],
    ['12:30.png', { path: '12:30.png', weight: undefined }],
    ['at 12:30:2', { path: 'at 12:30', weight: 2 }],
    ['painting.jpg:much', { path: 'painting.jpg:much', weight: undefined }],
    ['painting.jpg:', { path: 'painting.jpg:', weight: undefined }],
    [':2', { path: ':2', weight: undefined }],
  ])('are read from "%s"', (text, style) => {
    expect(parseStyle(text)).toEqual(style);
  });

  it('may weigh nothing, as long as one counts', () => {
    expect(weights(['a.png:0', 'b.png'])).toEqual([0, 1]);
    expect(() => weights(['a.png:0', 'b.png:0'])).toThrow(expect.objectContaining({ key: 'usage/no-style-counts' }));
  });

  it('count as the mix of a recipe says, unless weights are written or there are more or fewer of them', () => {
    expect(weights(['a.png', 'b.png'], [2, 0.5])).toEqual([2, 0.5]);
    expect(weights(['a.png:4', 'b.png'], [2, 0.5])).toEqual([4, 1]);
    expect(weights(['a.png'], [2, 0.5])).toEqual([1]);
  });

  it.each(['a.png:-1', 'a.png:1000001', 'a.png:1e9'])('are refused: "%s"', (text) => {
    expect(() => parseStyle(text)).toThrow(
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
      expect(parseStyle(path)).toEqual({ path, weight: undefined });
      expect(parseStyle(`${path}:2`)).toEqual({ path, weight: 2 });
    });
  });
});
