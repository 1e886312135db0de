import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { walkingSquare } from '../works/walking-square.js';
import { baseEnvironment, folderWithPictures, requireBuild, whitewalker } from './program.js';

let folder: string;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
});
afterAll(() => rm(folder, { recursive: true }));

/** Returns the names of the files that a process has open, as Linux tells them. */
function openFilesOf(pid = 0): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      // Closed in the meantime.
      return [];
    }
  });
}

const files = (name: string) => ['--out', `${name}.png`, '--gif', `${name}.gif`];
const long = ['content.jpg', 'style.png', '--size', '64', '--epochs', '5000'];

describe.skipIf(process.platform === 'win32')('a signal that asks a command to end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s has it write the best picture so far, and end with %i', async (signal, expected) => {
    let sent = false;
    let again = false;
    const { code, stdout, stderr } = await whitewalker(folder, ['stylize', ...long, ...files(signal), '--json'], {
      watch: (written, child) => {
        if (!sent && written.includes('epoch 1/5000')) sent = child.kill(signal);
        // A terminal that is closed sends a second hangup once its shell has ended, which must not end the writing.
        if (!again && written.includes('Stopping')) again = child.kill('SIGHUP');
      },
    });
    expect([code, sent, again], stderr).toEqual([expected, true, true]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ stopped: true, out: `${signal}.png`, gif: `${signal}.gif`, width: 64 });
    expect(report.epochs).toBeLessThan(5000);
    // One scale, which the comma says.
    expect(report.recipe).toContain(`epochs=${report.epochs},`);
    expect(await sharp(await readFile(join(folder, report.out))).metadata()).toMatchObject({
      format: 'png',
      width: 64,
    });
    expect((await sharp(await readFile(join(folder, report.gif))).metadata()).format).toBe('gif');
  });

  it('has it write the frames of a content that moves which are painted, and leave no others anywhere', async () => {
    await writeFile(join(folder, 'walk.gif'), walkingSquare(40));
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    let named: readonly string[] | undefined;
    let open: readonly string[] = [];
    const words = ['walk.gif', 'style.png', '--size', '48', '--epochs', '2', '--out', 'walk.gif.webp', '--json'];
    const { code, stdout, stderr } = await whitewalker(folder, ['stylize', ...words], {
      environment: { TMPDIR: temporary },
      watch: (written, child) => {
        if (named || !written.includes('frame 5/40')) return;
        named = readdirSync(temporary);
        if (process.platform === 'linux') open = openFilesOf(child.pid);
        child.kill('SIGINT');
      },
    });

    expect(code, stderr).toBe(130);
    expect(stderr).toContain('Stopping with the frames that are painted; press Ctrl-C again to give up.');
    // What has no name is gone with its process, also after kill -9.
    expect([named, await readdir(temporary)]).toEqual([[], []]);
    if (process.platform === 'linux') {
      expect(open).toContainEqual(expect.stringMatching(/temporary\/whitewalker-frames-.* \(deleted\)$/));
    }
    const { stopped, frames } = JSON.parse(stdout);
    expect(stopped).toBe(true);
    expect(frames.painted).toBeGreaterThanOrEqual(4);
    expect(frames.painted).toBeLessThan(40);
    const { pages, delay = [] } = await sharp(await readFile(join(folder, 'walk.gif.webp'))).metadata();
    expect([pages, new Set(delay)]).toEqual([frames.painted, new Set([100])]);
  });

  it('has it claim no recipe for a first frame that is not done', async () => {
    await writeFile(join(folder, 'walk-on.gif'), walkingSquare(40));
    const words = ['walk-on.gif', 'style.png', '--size', '48', '--epochs', '5000', '--out', 'first.webp'];
    let sent = false;
    const { code, stdout, stderr } = await whitewalker(folder, ['stylize', ...words], {
      watch: (written, child) => {
        if (!sent && written.includes('epoch 1/5000')) sent = child.kill('SIGINT');
      },
    });

    expect(code, stderr).toBe(130);
    expect(stdout).toMatch(/^Stopped early\. The picture is first\.webp/);
    expect(stdout).toContain('It was stopped so early that no recipe makes it again.');
    expect(stdout).not.toContain('Recipe:');
  });

  it('ends it at once where a second one comes', async () => {
    const { code, stderr } = await whitewalker(folder, ['stylize', ...long, '--out', 'twice.png'], {
      watch: (written, child) => {
        // Both come before the program gets to do anything about the first.
        if (written.endsWith('left\n') && written.includes('epoch 1/5000')) {
          child.kill('SIGINT');
          child.kill('SIGTERM');
        }
      },
    });
    expect([130, 143], stderr).toContain(code);
    expect(existsSync(join(folder, 'twice.png'))).toBe(false);
  });
});

describe.skipIf(process.platform !== 'linux')('a hangup of a command that was told to ignore it', () => {
  it.each([
    ['by nohup', 'nohup "$0" "$@"'],
    ['by its shell', 'trap "" HUP; "$0" "$@"; exit $?'],
  ])('%s is ignored', async (what, line) => {
    const out = `${what.replaceAll(' ', '-')}.png`;
    const program = [
      join(packageRoot(), 'dist', 'src', 'main.js'),
      'stylize',
      ...long.slice(0, -1),
      '12',
      '--out',
      out,
    ];
    const child = spawn('bash', ['-c', line, process.execPath, ...program], {
      cwd: folder,
      env: baseEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, as a job in a terminal has, to which the hangup goes.
      detached: true,
    });
    let [written, sent] = ['', false];
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      written += text;
      if (sent || child.pid === undefined || !written.includes('epoch 1/12')) return;
      sent = process.kill(-child.pid, 'SIGHUP');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([sent, written.includes('epoch 12/12'), written.includes('Stopping')], written).toEqual([true, true, false]);
    expect(existsSync(join(folder, out))).toBe(true);
    if (what === 'by its shell') expect(code).toBe(0);
  });
});
