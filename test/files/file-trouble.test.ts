import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileFault, fileTrouble, lacksRoom, systemCode } from '../../src/files/file-trouble.js';

const thrownBy = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );

const nowhere = join(tmpdir(), 'whitewalker-is-not-here');

describe('the trouble with a file', () => {
  it.skipIf(process.platform === 'win32').each([
    ['that is missing', () => readFile(nowhere), 'there is nothing of that name'],
    ['that is a folder', () => readFile(tmpdir()), 'it is a folder'],
    ['that would lie in a file', () => readFile(join(process.execPath, 'file')), 'a part of the path is not a folder'],
    ['with a long name', () => readFile(join(tmpdir(), 'x'.repeat(300))), 'its name is too long'],
  ])('%s is said in words', async (_what, action, expected) => {
    expect(fileTrouble(await thrownBy(action()))).toBe(expected);
  });

  it.each(['EROFS', 'EPERM', 'EFBIG', 'ENAMETOOLONG', 'ELOOP', 'EDQUOT', 'EMFILE', 'ETXTBSY', 'EBUSY', 'EXDEV', 'EIO'])(
    'is said with what to do about it: %s',
    (code) => {
      const { reason, remedy } = fileFault(Object.assign(new Error(`${code}: raw`), { code }));
      expect(reason).not.toContain(code);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    },
  );

  it('is what was thrown where that is no error of the system', () => {
    expect(fileTrouble(new Error('broken'))).toBe('broken');
    expect(fileTrouble('broken')).toBe('broken');
    // `constructor` is a member of every object, so it must not be found in the table of codes.
    expect(fileTrouble(Object.assign(new Error('broken'), { code: 'constructor' }))).toBe('broken');
    expect(systemCode(new Error('broken'))).toBeUndefined();
    expect(systemCode(Object.assign(new Error('broken'), { code: 5 }))).toBeUndefined();
  });

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG', 'EACCES'])('is a want of room, or is not: %s', (code) => {
    expect(lacksRoom(Object.assign(new Error(code), { code }))).toBe(code !== 'EACCES');
  });
});
