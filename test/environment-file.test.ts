import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { variableNames } from '../src/environment.js';
import { settingsWarnings } from '../src/environment-warnings.js';
import { packageRoot } from '../src/package-root.js';
import { type Run, requireBuild, whitewalker } from './command-line/program.js';
import { ProgramHost } from './command-line/program-host.js';

let folder: string;
let file: string;
let host: ProgramHost;
beforeAll(async () => {
  requireBuild();
  folder = await mkdtemp(join(tmpdir(), 'whitewalker-environment-'));
  file = join(folder, '.env');
  host = new ProgramHost(folder);
});
afterEach(async () => {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
});
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true });
});

/** An id in place of the token: where the bot complains of that, it has read the file. */
const id = '1234567890123456789';
const readsAnId = /^whitewalker: DISCORD_TOKEN is an id/;

const bot = (environment?: Readonly<Record<string, string>>): Promise<Run> => host.run(['bot'], environment);

function bigEndian(text: string): Buffer {
  return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
}

describe('a file .env', () => {
  it.each([
    [
      'in UTF-16, little-endian',
      Buffer.from(`\uFEFFDISCORD_TOKEN=${id}\r\n`, 'utf16le'),
      /is written in UTF-16.*UTF-8/,
    ],
    ['in UTF-16, big-endian', bigEndian(`DISCORD_TOKEN=${id}\n`), /is written in UTF-16.*UTF-8/],
    ['in UTF-16 without its mark', Buffer.from(`DISCORD_TOKEN=${id}\n`, 'utf16le'), /has NUL bytes.*UTF-8/],
    ['in Latin-1', Buffer.from(`DISCORD_TOKEN=${id}\nDATA_DIR=/home/jürgen\n`, 'latin1'), /no.* UTF-8: see DATA_DIR/],
  ])('%s is refused with what it is', async (_what, bytes, words) => {
    await writeFile(file, bytes);
    const { code, stderr } = await bot();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^whitewalker: \/.*\.env (?:is|has) .*\n$/)]);
    expect(stderr).toMatch(words);
  });

  it.each([
    ['with a mark of UTF-8', `\uFEFFDISCORD_TOKEN=${id}\n`],
    ['of Windows', `# ä\r\nDISCORD_TOKEN="${id}"\r\n`],
  ])('%s is read', async (_what, text) => {
    await writeFile(file, text);
    expect((await bot()).stderr).toMatch(readsAnId);
  });

  it('that is a folder, or a link to nothing, is refused with what it is', async () => {
    await mkdir(file);
    expect((await bot()).stderr).toMatch(/^whitewalker: .*\.env is a folder.*Docker/);
    await rm(file, { recursive: true });
    await symlink('elsewhere', file);
    expect(await bot()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\.env is a link to elsewhere, which/),
    });
  });

  it.skipIf(process.platform !== 'linux')('that the user may not read is refused with whom to give it to', async () => {
    await chmod(folder, 0o755);
    await writeFile(file, `DISCORD_TOKEN=${id}\n`, { mode: 0o000 });
    const program = [process.execPath, join(packageRoot(), 'dist', 'src', 'main.js'), 'bot'];
    // root may read everything, so it runs the program as nobody.
    const command = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups', ...program] : program;
    const { stderr, status } = spawnSync(command[0] ?? '', command.slice(1), {
      cwd: folder,
      encoding: 'utf8',
      env: {},
    });
    expect([stderr, status]).toEqual([expect.stringMatching(/\.env can't be read \(permission denied\)/), 2]);
  });

  it('that is none keeps no picture from being painted, which the user is told', async () => {
    await mkdir(file);
    const { code, stdout, stderr } = await host.run(['weights', 'list']);
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining('VGG19-lite'),
      expect.stringMatching('a folder'),
    ]);
  });

  it('with another name is found where the token is missing', async () => {
    await writeFile(`${file}.txt`, `DISCORD_TOKEN=${id}\n`);
    expect((await bot()).stderr).toMatch(/DISCORD_TOKEN is not set(?:.*\n)*There is a file .*\.env\.txt.*Rename it/);
  });
});

describe('a token that is none is refused with what it is, and not shown', () => {
  it.each([
    ['in typographic quotes', '“MTIz.abc.def”', /typographic quotation marks/],
    ['in German quotes', '„MTIz.abc.def“', /typographic quotation marks/],
    ['with what Discord puts before it', 'Bot MTIz.abc.def', /begins with "Bot"/],
    ['in two lines', '"MTIz.abc\ndef"', /space or line break/],
    ['with an invisible character', 'MTIz.abc\u200B.def', /U\+200B/],
    ['in quotes within quotes', `'"MTIz.abc.def"'`, /has quotation marks around it/],
    ["with an application's id", id, /is an id/],
    ["with an application's public key", '5f'.repeat(32), /public key/],
    ['with a client secret', 'aB3_-'.repeat(6).concat('xy'), /client secret/],
  ])('%s', async (_what, value, words) => {
    await writeFile(file, `DISCORD_TOKEN=${value}\n`);
    const { code, stderr } = await bot();
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
    expect(stderr).toMatch(/^whitewalker: DISCORD_TOKEN .*\n$/);
    expect(stderr).not.toContain(value.slice(1, -1));
  });
});

describe('settings that seem to be mistaken', () => {
  it('are told where what is needed is missing', async () => {
    await writeFile(file, `DISCORD_TOKN=MTIz.abc.def\n`);
    const { code, stderr } = await bot({ LOGLEVEL: 'info' });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^whitewalker: DISCORD_TOKEN is not set/)]);
    expect(stderr).toMatch(/^DISCORD_TOKN in \.env means nothing\. Is it meant to be DISCORD_TOKEN\?$/m);
    expect(stderr).toMatch(/^LOGLEVEL in the environment .* LOG_LEVEL\?$/m);
  });

  it('are in the log once', async () => {
    await writeFile(file, 'DISCORD_TOKEN=MTIz.abc.def\nREDIS_ULR=redis://host\nS3_ENDPOINT=https://s3.example\n');
    // Nothing listens at this address.
    const environment = { DISCORD_API_URL: 'http://127.0.0.1:1', DATA_DIR: join(folder, 'data') };
    const { stdout } = await whitewalker(folder, ['bot'], { environment });
    const lines = stdout.split('\n').filter((line) => line.includes('"level":40'));
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'REDIS_ULR in .env means nothing. Is it meant to be REDIS_URL?',
      'S3_ENDPOINT is set and does nothing, because REDIS_URL is not set.',
    ]);
  });

  it.each([
    ['QUALITY_STANDART', 'QUALITY_STANDARD'],
    ['discord_token', 'DISCORD_TOKEN'],
    ['SHARD', 'SHARDS'],
    ['METRICSPORT', 'METRICS_PORT'],
    ['DISCORD_CLIENT_ID', undefined],
  ])('are found by their likeness: %s', (name, meant) => {
    const [warning] = settingsWarnings([name], { [name]: 'x' });
    expect(warning).toContain(meant === undefined ? 'there is no such setting' : `meant to be ${meant}?`);
  });

  it('are not what is set for other programs, or is not set at all', () => {
    const others = { PATH: '/bin', SHARD: '1', REDIS_PORT: 'tcp://10.0.0.1:6379', REDIS_SERVICE_HOST: '10.0.0.1' };
    expect(settingsWarnings([], others)).toEqual([]);
    expect(settingsWarnings(['NPM_TOKEN', 'S3_ENDPOINT'], { NPM_TOKEN: 'x', S3_ENDPOINT: ' ' })).toEqual([]);
    const all = Object.fromEntries(variableNames.map((name) => [name, 'x']));
    expect(settingsWarnings(variableNames, all)).toEqual([]);
  });
});
