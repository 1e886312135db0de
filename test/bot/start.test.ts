import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Discord, startDiscord } from '../../src/local-discord/server.js';
import { whilePatient } from '../patience.js';
import { newDataFolder, RunningBot, removeDataFolder } from './running-bot.js';

let discord: Discord;
let folder: string;
beforeAll(async () => {
  discord = await startDiscord({ patience: whilePatient });
  folder = await newDataFolder();
});
afterEach(() => {
  discord.faults.clear();
  discord.assertCorrect();
});
afterAll(async () => {
  await discord.stop();
  await removeDataFolder(folder);
});

describe('npm start', () => {
  it('says in a few lines how to get a token where there is none', async () => {
    const bot = RunningBot.launch(discord, folder, { DISCORD_TOKEN: '' });
    expect(await bot.ended).toBe(2);
    expect(bot.output).toMatch(
      /^whitewalker: DISCORD_TOKEN is not set.*\n.*discord\.com\/developers.*\n.*\n.*npx whitewalker playground/,
    );
  });

  it('says so where the token is wrong', async () => {
    const bot = RunningBot.launch(discord, folder, { DISCORD_TOKEN: 'wrong' });
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/whitewalker: .*DISCORD_TOKEN/);
    expect(bot.output).not.toMatch(/\n\s+at /);
  });

  it('does not connect where the engine that is asked for is not there', async () => {
    const bot = RunningBot.launch(discord, folder, { ENGINE: 'tensorflow' });
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/whitewalker: TensorFlow is not installed\. Run `npm install @tensorflow/);
    expect(bot.output).not.toMatch(/\n\s+at |connected to Discord/);
  });

  it('says so where Discord has trouble', async () => {
    discord.faults.serverError({ status: 503, times: 100 });
    const bot = RunningBot.launch(discord, folder);
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/whitewalker: Discord answered GET .* with status 503/);
    expect(bot.output).not.toMatch(/\n\s+at /);
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
    for (const _start of [1, 2]) {
      const bot = await RunningBot.start(discord, folder);
      await bot.kill();
      expect(puts()).toBe(1);
    }
  });
});
