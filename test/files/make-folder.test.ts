import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/files/make-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'whitewalker-make-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a folder', () => {
  it('is made with those above it, and is left alone where it is there', () => {
    const path = join(folder, 'a', 'b', 'c');
    expect(makeFolder(path)).toBe(join(folder, 'a'));
    expect(statSync(path).isDirectory()).toBe(true);
    expect(makeFolder(path)).toBeUndefined();
    symlinkSync(path, join(folder, 'link'));
    expect(makeFolder(join(folder, 'link'))).toBeUndefined();
    expect(makeFolder(join(folder, 'link', 'd'))).toBe(join(folder, 'link', 'd'));
  });

  it.skipIf(!existsSync('/proc/self')).each(['/proc/x', '/proc/x/y/z'])(
    'that the system takes none of is refused, and not tried for ever: %s',
    (path) => {
      expect(() => makeFolder(path)).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
    },
  );

  it('that is a file, or lies in one, or is a link to nowhere, is refused with the system’s reason', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    mkdirSync(join(folder, 'gone'));
    symlinkSync(join(folder, 'gone'), join(folder, 'dangling'));
    rmSync(join(folder, 'gone'), { recursive: true });
    expect(() => makeFolder(file)).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
    expect(() => makeFolder(join(file, 'a', 'b'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
    expect(() => makeFolder(join(folder, 'dangling'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => makeFolder(join(folder, 'x'.repeat(300)))).toThrow(expect.objectContaining({ code: 'ENAMETOOLONG' }));
  });
});
