import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningBot } from './running-bot.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.set();
});
afterEach(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

describe('npm start', () => {
  it('says in a few lines how to get a token where there is none', async () => {
    const bot = RunningBot.launch(stage.discord, stage.dataFolder, { DISCORD_TOKEN: '' });
    expect(await bot.ended).toBe(2);
    expect(bot.output).toMatch(
      /^whitewalker: DISCORD_TOKEN is not set.*\n.*discord\.com\/developers.*\n.*\n.*npx whitewalker playground/,
    );
  });

  it('says so where the token is wrong', async () => {
    await stage.bot.kill();
    const bot = RunningBot.launch(stage.discord, stage.dataFolder, { DISCORD_TOKEN: 'wrong' });
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/whitewalker: .*DISCORD_TOKEN/);
    expect(bot.output).not.toMatch(/\n\s+at /);
  });

  it('does not connect where the engine that is asked for is not there', async () => {
    await stage.bot.kill();
    const bot = RunningBot.launch(stage.discord, stage.dataFolder, { ENGINE: 'tensorflow' });
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/whitewalker: TensorFlow is not installed\. Run `npm install @tensorflow/);
    expect(bot.output).not.toMatch(/\n\s+at |connected to Discord/);
  });

  it('says so where Discord has trouble', async () => {
    await stage.bot.kill();
    stage.discord.faults.serverError({ status: 503, times: 100 });
    const bot = RunningBot.launch(stage.discord, stage.dataFolder);
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/whitewalker: Discord answered GET .* with status 503/);
    expect(bot.output).not.toMatch(/\n\s+at /);
  });

  it('ends where Discord has trouble while Redis is away, so that it is started again', async () => {
    await stage.bot.kill();
    stage.discord.faults.serverError({ status: 503, times: 100 });
    // No Redis listens at this address.
    const bot = RunningBot.launch(stage.discord, stage.dataFolder, { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/whitewalker: Discord answered GET .* with status 503/);
    expect(bot.output).not.toContain('left open');
  });

  it('registers the commands once, and again only when they have changed', async () => {
    const { requests } = stage.discord;
    const puts = () => requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands')).length;
    expect(puts()).toBe(1);
    await stage.bot.kill();
    await stage.restart();
    expect(puts()).toBe(1);
  });
});
