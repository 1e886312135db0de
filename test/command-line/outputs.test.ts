import { spawn, spawnSync } from 'node:child_process';
import { link, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOutputs, nameAfter } from '../../src/command-line/outputs.js';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
import { packageRoot } from '../../src/package-root.js';
import { drawnGif } from '../imaging/animation/drawn-animations.js';
import { baseEnvironment, folderWithPictures, type Run, requireBuild, whitewalker } from './program.js';
import { ProgramHost } from './program-host.js';

let folder: string;
let host: ProgramHost;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
  await symlink(folder, join(folder, 'here'));
  await link(join(folder, 'style.png'), join(folder, 'hard.png'));
  await symlink('content.jpg', join(folder, 'link.jpg'));
  const frames = ['RG', 'GR'].map((row) => ({ drawing: Array<string>(16).fill(row.repeat(8)), delayMs: 100 }));
  await writeFile(join(folder, 'dance.gif'), drawnGif({ width: 16, height: 16, loops: 2, frames }));
  await symlink(bundledWeights('vgg19-lite'), join(folder, 'weights.png'));
  host = new ProgramHost(folder);
});
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true });
});

/** Runs a script of bash in which `whitewalker` is the program, with the words behind it as "$@". */
function inShell(script: string, words: readonly string[] = []): Promise<Run> {
  const main = join(packageRoot(), 'dist', 'src', 'main.js');
  const whole = `whitewalker() { ${JSON.stringify(process.execPath)} ${JSON.stringify(main)} "$@"; }\n${script}`;
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', whole, 'bash', ...words], {
      cwd: folder,
      env: baseEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const quick = ['content.jpg', 'style.png', '--size', '48', '--epochs', '3'];

describe('a result is refused before the work where it', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['is the content behind a linked folder', ['stylize', ...quick, '--out', 'here/style.png'], /"style\.png", which/],
    ['is a style by a hard link', ['stylize', ...quick, '--out', 'hard.png'], /"hard\.png" would be overwritten/],
    [
      'is what the content links to',
      ['stylize', 'link.jpg', 'style.png', '--out', 'content.jpg'],
      /"link\.jpg", which/,
    ],
    ['is the mask', ['stylize', ...quick, '--mask', 'hard.png', '--out', 'style.png'], /"style\.png" would be over/],
    [
      'is the weights',
      ['stylize', ...quick, '--weights', bundledWeights('vgg19-lite'), '--out', 'weights.png'],
      /"weights\.png" would be overwritten/,
    ],
    ['is the style of a texture', ['texture', 'style.png', '--out', 'here/style.png'], /would be overwritten/],
    ['is the picture of layers', ['layers', 'link.jpg', '--out', 'here/content.jpg'], /would be overwritten/],
    [
      'is one of two that are compared',
      ['spot-difference', 'content.jpg', 'style.png', '--out', 'hard.png'],
      /would be overwritten/,
    ],
    ['has a name of 256 bytes', ['stylize', ...quick, '--out', `${'x'.repeat(252)}.png`], /its name is too long/],
    ['has an animation of 256 bytes', ['texture', 'style.png', '--gif', `${'x'.repeat(252)}.gif`], /is too long/],
    [
      'has a folder’s name',
      ['stylize', ...quick, '--gif', 'a.gif/'],
      /"a\.gif\/" can't be written \(a name that ends like/,
    ],
    [
      'moves and has a folder’s name',
      ['stylize', 'dance.gif', 'style.png', '--out', 'a.webp/'],
      /"a\.webp\/" can't be w/,
    ],
    ['would lie where no files are', ['stylize', ...quick, '--out', '/proc/x.png'], /Choose another folder\.$/m],
  ])('%s', async (_what, args, message) => {
    const before = (await readdir(folder)).toSorted();
    const { code, stdout, stderr } = await host.run(args);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
    expect((await readdir(folder)).toSorted()).toEqual(before);
  });
});

describe('two results of one command', () => {
  it('are refused where they are one file', async () => {
    const own = await mkdtemp(join(tmpdir(), 'whitewalker-outputs-'));
    await writeFile(join(own, 'a.png'), '');
    await symlink(join(own, 'a.png'), join(own, 'a.gif'));
    const outputs = [join(own, 'a.png'), join(own, 'a.gif')];
    await expect(checkOutputs(outputs, [])).rejects.toMatchObject({ code: 'would-overwrite' });
    await rm(own, { recursive: true });
  });
});

describe('the name of a result that nobody names', () => {
  it('is made of those of its pictures, as far as there is room, in whole characters', () => {
    expect(nameAfter(['a/one.jpg', 'b/two.png'])).toBe('one-two.png');
    expect(nameAfter(['one.jpg'], '-texture')).toBe('one-texture.png');
    const name = nameAfter([`a${'ü'.repeat(120)}.jpg`, `${'x'.repeat(200)}.png`], '-difference');
    expect(name).toMatch(/^aü{99}-difference\.png$/);
  });

  it('is another where it is taken, so that nothing is overwritten', async () => {
    const own = await folderWithPictures();
    await writeFile(join(own, 'content-style.png'), 'precious');
    const run = await whitewalker(own, ['stylize', ...quick]);
    expect(run.stdout).toContain('The picture is content-style-2.png');
    expect(await readFile(join(own, 'content-style.png'), 'utf8')).toBe('precious');
    await rm(own, { recursive: true });
  });
});

describe.skipIf(process.platform === 'win32')('a disk that is full', () => {
  it('for the animation alone is told with where the picture is', async () => {
    // The shell limits files to 16 KiB, which the picture has room in; writing more fails as on a full disk.
    const limited = 'trap \'\' XFSZ; ulimit -f 16; whitewalker stylize "$@"';
    const words = [...quick, '--epochs', '30', '--out', 'alone.png', '--gif', 'alone.gif'];
    const { code, stdout, stderr } = await inShell(limited, words);
    expect(code, stderr).toBe(1);
    expect(stdout).toContain('The picture is alone.png (48×');
    expect(stderr).toMatch(/The picture is alone\.png, .*"alone\.gif" can't be written \(it would be larger than/);
    expect((await sharp(await readFile(join(folder, 'alone.png'))).metadata()).format).toBe('png');

    const { code: codeOfJson, stdout: json } = await inShell(limited, [...words, '--json']);
    expect(codeOfJson).toBe(1);
    expect(JSON.parse(json)).toMatchObject({
      out: 'alone.png',
      gif: null,
      gifTrouble: expect.stringContaining('alone.gif'),
    });
    expect((await readdir(folder)).filter((name) => name.startsWith('.whitewalker'))).toEqual([]);
  });
});

const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

describe.skipIf(!mayMount)('a disk that can only be read', () => {
  it('is told in words, with advice that fits, by all who write', async () => {
    const script = `
      set -e
      mkdir -p disk/data && mount -t tmpfs tmpfs disk && mkdir disk/data && cp style.png disk/old.png
      DATA_DIR=disk/data
      export DATA_DIR
      mount -o remount,ro disk
      set +e
      whitewalker stylize ${quick.join(' ')} --out disk/a.png; echo "code $?"
      whitewalker stylize ${quick.join(' ')} --out disk/old.png; echo "code $?"
      whitewalker texture style.png --gif disk/a.gif; echo "code $?"
      whitewalker restore content.jpg; echo "code $?"
      DISCORD_TOKEN=x whitewalker commands list; echo "code $?"
    `;
    const inNamespace = `declare -f whitewalker > function.sh; unshare -rm bash -c '. ./function.sh; ${script}'`;
    const { stdout, stderr } = await inShell(inNamespace);
    expect(stdout.match(/code \d/g)).toEqual(['code 2', 'code 2', 'code 2', 'code 1', 'code 1']);
    expect(stderr.split('\n').filter((line) => line !== '')).toEqual([
      `whitewalker: "disk/a.png" can't be written (the disk can only be read). Choose another disk.`,
      `whitewalker: "disk/old.png" can't be written (the disk can only be read). Choose another disk.`,
      `whitewalker: "disk/a.gif" can't be written (the disk can only be read). Choose another disk.`,
      expect.stringContaining('is no backup of whitewalker'),
      expect.stringMatching(
        /The database .*disk\/data\/whitewalker\.db can't be opened .*\(the disk can only be read\)/,
      ),
    ]);
  });
});
