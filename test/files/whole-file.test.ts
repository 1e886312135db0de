import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fileFaults } from '../../src/files/file-trouble.js';
import { isSameFile, whyUnwritable, writeWhole } from '../../src/files/whole-file.js';

const root = mkdtempSync(join(tmpdir(), 'whitewalker-whole-file-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'f-'));
});
const at = (...names: readonly string[]) => join(folder, ...names);
const bytes = (text: string) => new TextEncoder().encode(text);

/** The longest name that common file systems take, and one that is a byte too long: `ü` has two. */
const longest = `${'ü'.repeat(125)}x.png`;
const tooLong = `${longest.slice(0, -4)}xx.png`.replace('xx', 'ü');

describe('a file', () => {
  it('is written whole, whatever its name, and with nothing left beside it', async () => {
    for (const name of ['a.png', longest, `${'x'.repeat(214)}.png`]) {
      expect(await whyUnwritable(at(name)), name).toBeUndefined();
      expect(readdirSync(folder)).toEqual([]);
      await writeWhole(at(name), bytes('one'));
      await writeWhole(at(name), bytes('two'));
      expect(readdirSync(folder)).toEqual([name]);
      expect(readFileSync(at(name), 'utf8')).toBe('two');
      rmSync(at(name));
    }
  });

  it('behind a link is written, and the link stays', async () => {
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere', 'a.png'), 'one');
    symlinkSync(at('elsewhere', 'a.png'), at('link.png'));
    await writeWhole(at('link.png'), bytes('two'));
    expect(readFileSync(at('elsewhere', 'a.png'), 'utf8')).toBe('two');
    expect(readdirSync(at('elsewhere'))).toEqual(['a.png']);
  });

  it('that can’t be written is told before, with what to do', async () => {
    writeFileSync(at('file'), '');
    symlinkSync(at('loop'), at('loop'));
    symlinkSync(at('nowhere'), at('dangling'));
    symlinkSync('/dev/null', at('device'));
    const before = readdirSync(folder);
    const inAFolder = 'Give a file in an existing folder.';
    const faults: readonly (readonly [string, object])[] = [
      [at('missing', 'a.png'), { reason: fileFaults.ENOENT.reason, remedy: inAFolder }],
      [at('file', 'a.png'), { reason: fileFaults.ENOTDIR.reason, remedy: inAFolder }],
      [at('file', 'x', 'a.png'), { reason: fileFaults.ENOTDIR.reason, remedy: inAFolder }],
      [folder, fileFaults.EISDIR],
      [at(tooLong), fileFaults.ENAMETOOLONG],
      [at(...new Array(20).fill('y'.repeat(250)), 'a.png'), fileFaults.ENAMETOOLONG],
      [at('loop'), fileFaults.ELOOP],
      [at('dangling'), fileFaults.EEXIST],
      [at('device'), { reason: 'it is a device or a pipe', remedy: 'Choose the name of a file.' }],
      ...(process.platform === 'linux' ? [['/proc/x.png', fileFaults.ENOTSUP] as const] : []),
    ];
    for (const [path, fault] of faults) expect(await whyUnwritable(path), path).toEqual(fault);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('two paths', () => {
  it('are known to lead to one file, by whatever links, whether or not it is there', async () => {
    mkdirSync(at('real'));
    symlinkSync(at('real'), at('link'));
    writeFileSync(at('real', 'a.png'), '');
    symlinkSync(at('real', 'a.png'), at('link.png'));
    linkSync(at('real', 'a.png'), at('hard.png'));
    writeFileSync(at('other.png'), '');
    for (const same of [at('link', 'a.png'), at('link.png'), at('hard.png'), `${folder}/real/../link/./a.png`]) {
      expect(await isSameFile(at('real', 'a.png'), same), same).toBe(true);
    }
    expect(await isSameFile(at('real', 'new.png'), at('link', 'new.png'))).toBe(true);
    expect(await isSameFile(at('real', 'new.png'), at('new.png'))).toBe(false);
    expect(await isSameFile(at('real', 'a.png'), at('other.png'))).toBe(false);
  });
});
