import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { baseEnvironment, folderWithPictures, requireBuild } from './program.js';

let folder: string;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
});
afterAll(() => rm(folder, { recursive: true }));

const built = (...parts: readonly string[]) => join(packageRoot(), 'dist', 'src', ...parts);
const quick = ['content.jpg', 'style.png', '--size', '48', '--epochs', '3'];

/** Runs a line of bash in which `whitewalker` is the program; returns what the line prints and how it ended. */
function shell(
  line: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const program = `whitewalker() { ${JSON.stringify(process.execPath)} ${JSON.stringify(built('main.js'))} "$@"; }`;
    const env = baseEnvironment;
    const child = spawn('bash', ['-c', `${program}; ${line}`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
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

describe.skipIf(process.platform === 'win32')('output that nobody reads', () => {
  it.each([
    ['of both streams', '2>&1 | head -1'],
    ['of the standard output', '--json | true'],
    ['of the error stream', '2> >(true)'],
  ])('%s is dropped, and the picture is painted', async (what, redirection) => {
    const out = `${what.replaceAll(' ', '-')}.png`;
    const { stdout, stderr } = await shell(
      `whitewalker stylize ${quick.join(' ')} --out ${out} ${redirection}; echo "code \${PIPESTATUS[0]}"`,
    );
    expect(stdout).toContain('code 0');
    expect(stderr).not.toContain('Error');
    expect(await sharp(await readFile(join(folder, out))).metadata()).toMatchObject({ format: 'png', width: 48 });
  });

  it.each([
    ['a list', 'weights list | head -1', 'VGG19'],
    ['help', '--help | head -1', 'Usage'],
    ['a refusal', 'stylize 2>&1 | true', ''],
  ])('of %s leaves the exit code as if it had been read', async (what, args, beginning) => {
    const { stdout, stderr } = await shell(`whitewalker ${args}; echo "code \${PIPESTATUS[0]}"`);
    expect(stdout).toMatch(new RegExp(`^${beginning}[^]*code ${what === 'a refusal' ? 2 : 0}\\n$`));
    expect(stderr).toBe('');
  });
});

describe.skipIf(!existsSync('/dev/full'))('a standard output whose disk is full', () => {
  it.each([
    ['a list', 'weights list', /VGG19-lite comes with the program/],
    ['help', 'weights --help', /Usage: whitewalker weights/],
    ['a report', `stylize ${quick.join(' ')} --out full.png --json`, /^\{.*"out":"full\.png".*\}$/m],
  ])('fails %s with a sentence, and with what was to be said', async (_what, args, lost) => {
    const { code, stderr } = await shell(`whitewalker ${args} > /dev/full`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^whitewalker: The standard output can't be written \(the disk is full\)\. Make room/m);
    expect(stderr).toMatch(lost);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('fails nothing that only the error stream would have told', async () => {
    const { code, stdout } = await shell(`whitewalker stylize ${quick.join(' ')} --out quiet.png 2> /dev/full`);
    expect([code, stdout]).toEqual([0, expect.stringContaining('quiet.png')]);
    expect(await readdir(folder)).toContain('quiet.png');
  });

  it('costs a log its lines, and not the process that writes it', async () => {
    const script = `
      import { createLog } from ${JSON.stringify(built('logging.js'))};
      const log = createLog('info');
      for (let line = 0; line < 20_000; line++) log.info({ line }, 'x'.repeat(100));
      log.fatal('the end');
      setImmediate(() => process.stderr.write('it went on\\n'));
    `;
    for (const output of ['/dev/full', '>(true)']) {
      const node = `${JSON.stringify(process.execPath)} --input-type=module -e "$SCRIPT"`;
      const { code, stderr } = await shell(`SCRIPT=${quoted(script)}; ${node} > ${output}`);
      expect([code, stderr], output).toEqual([0, 'it went on\n']);
    }
    const { stdout } = await shell(
      `SCRIPT=${quoted(script)}; "${process.execPath}" --input-type=module -e "$SCRIPT" > log; wc -l < log`,
    );
    expect(stdout.trim()).toBe('20001');
    expect(await readFile(join(folder, 'log'), 'utf8')).toContain('"msg":"the end"');
  });
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
