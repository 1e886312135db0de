import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { availableNetworks } from '../../src/engine/weights/bundled.js';
import { type Discord, startDiscord } from '../../src/local-discord/server.js';
import type { Run } from '../command-line/program.js';
import { ProgramHost } from '../command-line/program-host.js';
import { whilePatient } from '../patience.js';
import { botEnvironment, newDataFolder, RunningBot, removeDataFolder } from './running-bot.js';

let discord: Discord;
let folder: string;
let host: ProgramHost;
beforeAll(async () => {
  discord = await startDiscord({ patience: whilePatient });
  folder = await newDataFolder();
  host = new ProgramHost(folder);
});
afterEach(() => {
  discord.faults.clear();
  discord.assertCorrect();
});
afterAll(async () => {
  await host.end();
  await discord.stop();
  await removeDataFolder(folder);
});

/** Has the bot start where it can't. */
const start = (environment: Readonly<Record<string, string>> = {}): Promise<Run> =>
  host.run(['bot'], { ...botEnvironment(discord, folder), LOG_LEVEL: 'fatal', ...environment });

describe('npm start', () => {
  it('says in a few lines how to get a token where there is none', async () => {
    const { code, stderr } = await start({ DISCORD_TOKEN: '' });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^whitewalker: DISCORD_TOKEN is not set.*\n.*discord\.com\/developers.*\n.*\n.*npx whitewalker playground/,
    );
  });

  it('says so where the token is wrong', async () => {
    const { code, stderr } = await start({ DISCORD_TOKEN: 'wrong' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/whitewalker: .*DISCORD_TOKEN/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('does not connect where the engine that is asked for is not there', async () => {
    const before = discord.requests.length;
    const { code, stderr } = await start({ ENGINE: 'tensorflow' });
    expect(stderr).toMatch(/whitewalker: TensorFlow is not installed\. Run `npm install @tensorflow/);
    expect(stderr).not.toMatch(/\n\s+at /);
    // No service manager needs to try that again; a GPU, though, may come yet.
    expect(code).toBe(2);
    expect(discord.requests).toHaveLength(before);
  });

  it.skipIf(availableNetworks().includes('vgg16'))('does not connect where the weights are not there', async () => {
    const before = discord.requests.length;
    const { code, stderr } = await start({ NETWORK: 'vgg16' });
    expect(stderr).toMatch(/whitewalker: .*the weights of vgg16 are not here\. Fetch them with/);
    expect([code, discord.requests.length]).toEqual([2, before]);
  });

  it('says so where Discord has trouble', async () => {
    discord.faults.serverError({ status: 503, times: 100 });
    const { code, stderr } = await start();
    expect(code).toBe(1);
    expect(stderr).toMatch(/whitewalker: Discord answered GET .* with status 503/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('ends where Discord has trouble while Redis is away, so that it is started again', async () => {
    discord.faults.serverError({ status: 503, times: 100 });
    // No Redis listens at this address.
    const bot = RunningBot.launch(discord, folder, { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/whitewalker: Discord answered GET .* with status 503/);
    expect(bot.output).not.toContain('left open');
  });

  it('registers the commands once, and again only when they have changed', async () => {
    const { requests } = discord;
    const puts = () => requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands')).length;
    // On a busy machine an answer may come too late, and the same be asked again.
    let before = 0;
    for (const registered of [true, false]) {
      const bot = await RunningBot.start(discord, folder);
      expect(await bot.untilLogged('connected to Discord')).toMatchObject({ registered });
      await bot.kill();
      expect(puts() > before).toBe(registered);
      before = puts();
    }
  });
});
