import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { packageRoot } from '../../src/package-root.js';
import { draw } from '../imaging/test-pictures.js';

const main = join(packageRoot(), 'dist', 'src', 'main.js');

/** What a run of the program has in its environment: that it uses one thread, as more only wait for each other. */
export const baseEnvironment = { PATH: process.env.PATH, THREADS: '1' };

/** The output of a run of the program, and how it ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Path of the program of another installation. Default: the program that was built here. */
  readonly program?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Options of the shell's `ulimit`, such as `-v 4000000`, under which the program runs. Default: the test's own. */
  readonly limit?: string;
  /** Called with everything that was written to stderr so far, each time that there is more. */
  readonly watch?: (stderr: string, child: ChildProcess) => void;
}

/**
 * Checks that the program is compiled.
 * @throws Error where it isn't.
 */
export function requireBuild(): void {
  if (!existsSync(main)) throw new Error(`${main} is missing: run \`npm run build\` before these tests.`);
}

/** Runs the compiled program in a folder, as a process of its own. `ProgramHost` runs it many times in one. */
export function whitewalker(
  folder: string,
  args: readonly string[],
  { program = main, environment = {}, limit, watch = () => {} }: RunOptions = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const env = { ...baseEnvironment, ...environment };
    const command = [process.execPath, program, ...args];
    const [file = '', ...rest] =
      limit === undefined ? command : ['/bin/sh', '-c', `ulimit ${limit} && exec "$@"`, 'sh', ...command];
    const child = spawn(file, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      watch(stderr, child);
    });
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Makes a new folder with content.jpg (96×64 pixels) and style.png (70×80), and returns its path. */
export async function folderWithPictures(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'whitewalker-command-line-'));
  const write = (name: string, width: number, height: number, color: Parameters<typeof draw>[2]) => {
    const planar = draw(width, height, color).data;
    const area = width * height;
    const bytes = Uint8Array.from(planar, (_, i) =>
      Math.round(255 * (planar[(i % 3) * area + Math.floor(i / 3)] ?? 0)),
    );
    return sharp(bytes, { raw: { width, height, channels: 3 } }).toFile(join(folder, name));
  };
  await write('content.jpg', 96, 64, (x, y) => [x / 95, y / 63, 0.5 + 0.5 * Math.sin(x / 5)]);
  await write('style.png', 70, 80, (x, y) => [0.9, 0.5 + 0.4 * Math.sin(x * y), ((x >> 3) + (y >> 3)) % 2]);
  return folder;
}
