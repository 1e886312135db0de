import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../src/doctor/finding.js';
import { installationTrouble } from '../src/installation-trouble.js';
import { programPath } from '../src/package-root.js';
import { folderWithPictures, type RunOptions, requireBuild, whitewalker } from './command-line/program.js';
import { type Damage, installation } from './installation.js';

let folder: string;
beforeAll(async () => {
  requireBuild();
  folder = await folderWithPictures();
});
afterAll(() => rm(folder, { recursive: true }));

const stylize = ['stylize', 'content.jpg', 'style.png', '--size', '64', '--epochs', '1', '--out', 'out.png'];
const oneSentence = (sentence: string) => new RegExp(`^whitewalker: ${sentence}\\n$`);

it.skipIf(process.platform === 'win32')('has a program that the system starts by itself, as npx does', () => {
  expect(spawnSync(programPath('main'), ['--version']).status).toBe(0);
});

describe('an installation that lacks something', () => {
  const places: string[] = [];
  afterEach(async () => {
    for (const place of places.splice(0)) await rm(place, { recursive: true });
  });

  async function damaged(damage: Damage): Promise<string> {
    const place = await installation(damage);
    places.push(place);
    return place;
  }

  const run = (place: string, args: readonly string[], options: RunOptions = {}) =>
    whitewalker(folder, args, { program: join(place, 'dist', 'src', 'main.js'), ...options });

  const binding = `node_modules/onnxruntime-node/bin`;
  it.each<[string, Damage, string]>([
    ['a package that every command needs', { without: ['node_modules/commander'] }, 'missing: commander'],
    ['a package that this command needs', { without: ['node_modules/sharp'] }, 'missing: sharp'],
    [
      'the optional packages of one',
      { without: ['node_modules/@img'], copied: ['sharp'] },
      `missing: @img|can't be loaded: Could not load the "sharp" module`,
    ],
    ['the native part of one', { without: [binding], copied: ['onnxruntime-node'] }, 'missing: .*onnxruntime_binding'],
  ])('says what to do: %s', async (_what, damage, what) => {
    const { code, stderr } = await run(await damaged(damage), stylize);
    expect(stderr).toMatch(
      oneSentence(`A part of the program (?:is |)(?:${what}).* Run \`npm ci\` in .*whitewalker-installation-.*`),
    );
    expect(code).toBe(1);
  });

  it('loads only what the command that is asked for needs', async () => {
    const place = await damaged({ without: ['libsql', 'pino', 'zod', 'sharp'].map((name) => `node_modules/${name}`) });
    expect(await run(place, ['stylize', '--help'])).toMatchObject({ code: 0, stderr: '' });
    expect((await run(place, ['backup', 'x.db'])).stderr).toMatch(/missing: libsql/);
  });

  it('says what to do where its own files are missing, or nothing was compiled', async () => {
    const place = await damaged({ without: ['dist/src/works'] });
    const { code, stderr } = await run(place, stylize);
    expect([code, stderr]).toEqual([1, expect.stringMatching(oneSentence('.*missing: .* Run `npm run build` in .*'))]);
    await rm(join(place, 'dist'), { recursive: true });
    const { status, stderr: words } = spawnSync(process.execPath, [join(place, 'tools', 'run.mjs'), 'demo'], {
      encoding: 'utf8',
      cwd: place,
    });
    expect([status, words]).toEqual([1, expect.stringMatching(/^whitewalker is not compiled.*`npm run build`\.\n$/)]);
  });

  it('is told by doctor, whose other checks go on', async () => {
    const place = await damaged({ without: [binding, 'node_modules/discord.js'], copied: ['onnxruntime-node'] });
    const { code, stdout, stderr } = await run(place, ['doctor', '--json'], { environment: { DISCORD_TOKEN: 'x' } });
    expect([code, stderr]).toEqual([1, '']);
    const findings: Finding[] = JSON.parse(stdout);
    const wrong = findings.filter(({ status }) => status === 'error');
    expect(wrong.map(({ part }) => part)).toEqual(['engine', 'discord']);
    for (const { message } of wrong) expect(message).toMatch(/^A part of the program is missing: .* Run `npm ci` in/);
    expect(findings.map(({ part }) => part)).toEqual(expect.arrayContaining(['node', 'disk', 'database']));
  });

  it('lets no bot connect whose engine is named and can not be opened', async () => {
    const place = await damaged({ without: [binding], copied: ['onnxruntime-node'] });
    const data = await mkdtemp(join(tmpdir(), 'whitewalker-data-'));
    places.push(data);
    const { code, stderr } = await run(place, ['bot'], {
      environment: { DISCORD_TOKEN: 'x', ENGINE: 'onnx', DISCORD_API_URL: 'http://127.0.0.1:1', DATA_DIR: data },
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(oneSentence('A part of the program is missing: .*'))]);
  });
});

describe('a place that is not as it should be', () => {
  it('is said where it is the current folder that is gone', () => {
    const script = 'mkdir gone && cd gone && rmdir "$PWD" && exec "$@"';
    const command = ['-c', script, 'sh', process.execPath, programPath('main'), ...stylize];
    const { status, stderr } = spawnSync('/bin/sh', command, { encoding: 'utf8', cwd: folder });
    expect([status, stderr]).toEqual([1, expect.stringMatching(oneSentence('The folder .* is gone .*'))]);
  });

  it('is said where too few files may be open', async () => {
    const { code, stderr } = await whitewalker(folder, stylize, { limit: '-n 24' });
    expect([code, stderr]).toEqual([1, expect.stringMatching(oneSentence('.*too few files .*ulimit -n 1024.*'))]);
  });

  it.each([
    ['glibc', 'libonnxruntime.so.1: failed to map segment from shared object', 'libonnxruntime.so.1: failed to map'],
    [
      'musl',
      'Error loading shared library libvips.so.42: Cannot allocate memory (needed by sharp.node)',
      'Error loading shared library libvips.so.42: Cannot',
    ],
    [
      'glibc, passed on by sharp',
      'Could not load the "sharp" module using the linux-x64 runtime\nERR_DLOPEN_FAILED: libvips-cpp.so.8: failed to map segment from shared object\nPossible solutions:\n- Ensure optional',
      'libvips-cpp.so.8: failed to map segment from shared object)',
    ],
  ])('is said where there is no address space for a library: %s', (_what, message, part) => {
    const trouble = installationTrouble(Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' }));
    expect(trouble?.message).toContain(`too little address space or memory to load a part of the program (${part}`);
    expect(trouble?.message).toMatch(/ulimit -v/);
    expect(trouble?.message).not.toMatch(/npm ci/);
  });

  it('does not take other trouble with a library for it', () => {
    const message = 'libonnxruntime.so.1: cannot allocate memory in static TLS block';
    const trouble = installationTrouble(Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' }));
    expect(trouble?.message).toMatch(/npm ci/);
  });

  it('is said where there is no address space for the network, and doctor goes on', async () => {
    const limit = '-v 4000000';
    const environment = { DISCORD_TOKEN: 'x', DISCORD_API_URL: 'http://127.0.0.1:1', THREADS: '1' };
    const commands = await whitewalker(folder, ['commands', 'list'], { limit, environment });
    expect(commands.code).toBe(1);
    expect(commands.stderr).toMatch(/^whitewalker: .*NODE_OPTIONS=--disable-wasm-trap-handler.*\n$/m);
    expect(commands.stderr).not.toMatch(/\n\s+at /);
    const { code, stdout, stderr } = await whitewalker(folder, ['doctor', '--json'], { limit, environment });
    expect([code, stderr]).toEqual([1, '']);
    const findings: Finding[] = JSON.parse(stdout);
    expect(findings.filter(({ status }) => status === 'error')).toMatchObject([
      { part: 'machine', message: expect.stringContaining('--disable-wasm-trap-handler') },
      { part: 'discord' },
    ]);
    expect(findings.map(({ part }) => part)).toEqual(expect.arrayContaining(['speed', 'database']));
  });

  it('is no hindrance to the demo, which says where it writes instead', async () => {
    const place = join(folder, 'closed');
    const temporary = join(folder, 'temporary');
    await Promise.all([mkdir(place), mkdir(temporary)]);
    // A file of that name is in the way as a folder without permission is; and it is so for every user.
    await writeFile(join(place, 'out'), '');
    const { code, stdout, stderr } = await whitewalker(place, ['demo'], {
      environment: { TMPDIR: temporary },
      watch: (text, child) => text.includes('epoch 1/') && !child.killed && child.kill('SIGINT'),
    });
    const [made = ''] = await readdir(temporary);
    expect(stderr).toContain(`the result goes to ${join(temporary, made)}`);
    expect(stdout).toContain(`The picture is ${join(temporary, made, 'demo.png')}`);
    expect((await readdir(join(temporary, made))).sort()).toEqual(['demo.gif', 'demo.png']);
    expect([0, 130]).toContain(code);
  });
});
