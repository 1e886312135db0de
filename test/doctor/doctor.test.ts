import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/doctor/finding.js';
import { checkNode } from '../../src/doctor/machine-checks.js';
import { type Discord, startDiscord } from '../../src/local-discord/server.js';
import { largestSide, usualLayers } from '../../src/transfer/transfer-memory.js';
import { newDataFolder, RunningBot, removeDataFolder } from '../bot/running-bot.js';
import { type Run, requireBuild } from '../command-line/program.js';
import { ProgramHost } from '../command-line/program-host.js';
import { whilePatient } from '../patience.js';

let discord: Discord;
let folder: string;
let host: ProgramHost;
beforeAll(async () => {
  requireBuild();
  discord = await startDiscord({ patience: whilePatient });
  folder = await newDataFolder();
  host = new ProgramHost(folder);
});
afterAll(async () => {
  await host.end();
  discord.assertCorrect();
  await discord.stop();
  await removeDataFolder(folder);
});

const environmentOfBot = () => ({
  DISCORD_TOKEN: discord.token,
  DISCORD_API_URL: discord.apiUrl,
  DATA_DIR: folder,
});

const doctor = (environment: Readonly<Record<string, string>> = {}, ...options: readonly string[]): Promise<Run> =>
  host.run(['doctor', ...options], { ...environmentOfBot(), ...environment });

function about(part: string, { stdout }: Run): readonly Finding[] {
  return (JSON.parse(stdout) as Finding[]).filter((finding) => finding.part === part);
}

describe('whitewalker doctor', () => {
  it('tells of all parts, with a measured speed, and what to do before the first start', async () => {
    const run = await doctor({}, '--json');
    expect([run.code, run.stderr]).toEqual([0, '']);
    const parts = (JSON.parse(run.stdout) as Finding[]).map(({ part }) => part);
    expect([...new Set(parts)]).toEqual([
      ...[
        'node',
        'machine',
        'disk',
        'memory',
        'gpu',
        'webgpu',
        'engine',
        'network',
        'speed',
        'database',
        'discord',
        'commands',
        'servers',
      ],
    ]);
    expect(about('memory', run)[0]?.message).toMatch(
      /^\d+\.\d GB a picture, for .*: with vgg19-lite up to \d+ pixels, /,
    );
    expect(about('engine', run)).toMatchObject([
      { status: 'ok', message: expect.stringMatching(/^onnx: .*processor/) },
    ]);
    expect(about('network', run).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^vgg19 /),
      expect.stringMatching(/^vgg16 /),
      expect.stringMatching(/^vgg19-lite is here, 13 of 13/),
    ]);
    expect(about('speed', run)[0]?.message).toMatch(
      /^vgg19-lite on onnx: \d+ ms .* draft \d+ s, standard \d+ s, high \d+ s\.$/,
    );
    expect(about('commands', run)).toMatchObject([{ status: 'warning', remedy: expect.stringContaining('npm start') }]);
    expect(about('servers', run)).toMatchObject([{ status: 'warning', message: 'The bot is in no server.' }]);
  });

  it('finds nothing wrong once the bot has run, but what it may not do', async () => {
    const bot = await RunningBot.start(discord, folder);
    await bot.stop();
    discord.createGuild({ name: 'Winterfell' });
    const well = await doctor({}, '--json');
    expect(about('commands', well)).toMatchObject([{ status: 'ok' }]);
    expect(about('servers', well)).toMatchObject([{ status: 'ok' }]);
    expect(about('database', well)[0]?.message).toMatch(/has 0 open jobs/);
    const { id } = discord.createGuild({ name: 'Riverrun' });
    await host.run(['commands', 'deploy'], { ...environmentOfBot(), DISCORD_GUILD_ID: id });
    expect(about('commands', await doctor({}, '--json'))).toMatchObject([
      { status: 'ok' },
      {
        status: 'warning',
        message: expect.stringMatching(/in the server "Riverrun" .*twice/),
        remedy: expect.stringContaining('commands clear'),
      },
    ]);
    expect(about('commands', await doctor({ DISCORD_GUILD_ID: id }, '--json'))).toMatchObject([
      { status: 'ok' },
      { status: 'warning', message: expect.stringMatching(/for all servers as well/) },
    ]);
    discord.createGuild({ name: 'Harrenhal', botPermissions: ['ViewChannel', 'SendMessages'] });
    const lacking = await doctor({}, '--json');
    expect([lacking.code, about('servers', lacking)[0]]).toMatchObject([
      0,
      {
        status: 'warning',
        message: 'The bot is in 3 servers and lacks permissions in Harrenhal (Attach Files, Read Message History).',
      },
    ]);
  });

  // What is wrong with different parts is looked at in one run, since each of them says so for itself.
  it.each([
    [
      'there is no token as it is misspelt, the data folder cannot be made, and weights are not here',
      { DISCORD_TOKEN: '', DISCORD_TOKN: 'x', DATA_DIR: '/dev/null/data', NETWORK: 'vgg16' },
      [
        /^ERROR {3}discord .*\n .*\.env/m,
        /^warning settings .*meant to be DISCORD_TOKEN/m,
        /^ERROR {3}database .*\/dev\/null\/data.*DATA_DIR/m,
        /^ERROR {3}engine .*weights download vgg16/m,
      ],
    ],
    [
      'the token is wrong and the engine is not here',
      { DISCORD_TOKEN: 'wrong', ENGINE: 'tensorflow' },
      [/^ERROR {3}discord .*DISCORD_TOKEN/m, /^ERROR {3}engine .*npm install @tensorflow/m],
    ],
    ['the token is an id', { DISCORD_TOKEN: '1'.repeat(19) }, [/^ERROR {3}discord .*DISCORD_TOKEN is an id/m]],
  ])('says so where %s, with exit code 1', async (_what, environment, texts) => {
    const { code, stdout } = await doctor(environment);
    for (const text of texts) expect(stdout).toMatch(text);
    expect(stdout).toMatch(/^ok {6}node/m);
    expect(code).toBe(1);
  });

  const square = { width: 4096, height: 4096 };
  const largestOf = (bytes: number) => largestSide('vgg19-lite', square, bytes, { layers: usualLayers('vgg19-lite') });

  it('says so where there is too little memory for any picture, and promises none', async () => {
    const run = await doctor({ MEMORY_MB: '300', COMPUTE_SLOTS: '4' }, '--json');
    expect(run.code).toBe(1);
    expect(about('memory', run)).toEqual([
      {
        part: 'memory',
        status: 'error',
        message: expect.stringMatching(/^0\.1 GB a picture.*too little for any picture with vgg19-lite\.$/),
        remedy: 'Raise MEMORY_MB.',
      },
    ]);
    expect(about('speed', run)).toEqual([]);
    // There is room for the smallest quality, so the others are not promised.
    const some = await doctor(
      { MEMORY_MB: '400', COMPUTE_SLOTS: '1', QUALITY_DRAFT: '64px 10 epochs', QUALITY_HIGH: '2048px 10 epochs' },
      '--json',
    );
    expect(about('memory', some)).toMatchObject([
      {
        status: 'warning',
        message: expect.stringContaining(`up to ${largestOf(400e6)} pixels`),
        remedy: expect.stringMatching(/^Raise MEMORY_MB\. Or/),
      },
    ]);
    expect(about('speed', some)[0]?.message).toMatch(/about draft \d+ s\b(?!.*high)/);
  });

  it('says so where the database is none', async () => {
    const data = join(folder, 'broken');
    await mkdir(data);
    await writeFile(join(data, 'whitewalker.db'), 'This is a text and no database, however long it is.'.repeat(100));
    const { code, stdout } = await doctor({ DATA_DIR: data });
    expect(stdout).toMatch(/^ERROR {3}database .*whitewalker\.db/m);
    expect(code).toBe(1);
  });

  it('knows which versions of Node.js are too old', () => {
    expect(['18.20.0', '20.8.1', '20.9.0', '24.0.0'].map((version) => checkNode(version).status)).toEqual([
      ...['error', 'error', 'ok', 'ok'],
    ]);
  });
});
