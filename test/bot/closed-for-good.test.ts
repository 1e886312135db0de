import { GatewayCloseCodes } from 'discord.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Discord, startDiscord } from '../../src/local-discord/server.js';
import { ProgramHost } from '../command-line/program-host.js';
import { whilePatient } from '../patience.js';
import { botEnvironment, newDataFolder, RunningBot, removeDataFolder } from './running-bot.js';
import { expectDeliveredOnce, long, painted, running, Stage } from './stage.js';

/** What an answer of what stands before Discord looks like, whatever is asked. */
const page = (status: number) => ({ status, body: '<html>', headers: { 'content-type': 'text/html' } });
const unauthorized = { status: 401, body: { message: '401: Unauthorized', code: 0 } };

describe('a bot that is starting ends with a sentence and exit code 1 where', () => {
  let discord: Discord;
  let folder: string;
  let host: ProgramHost;
  beforeAll(async () => {
    discord = await startDiscord({ patience: whilePatient });
    folder = await newDataFolder();
    host = new ProgramHost(folder);
  });
  afterEach(() => {
    discord.gateway.refusal = undefined;
    discord.gateway.loginsLeft = 999;
    discord.faults.clear();
  });
  afterAll(async () => {
    discord.assertCorrect();
    await host.end();
    await discord.stop();
    await removeDataFolder(folder);
  });

  const sentence = async () => {
    const { code, stderr } = await host.run(['bot'], { ...botEnvironment(discord, folder), LOG_LEVEL: 'fatal' });
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/\n\s+at /);
    return stderr;
  };

  it('Discord does not know its token, and leaves nothing open', async () => {
    discord.gateway.refusal = GatewayCloseCodes.AuthenticationFailed;
    const bot = RunningBot.launch(discord, folder);
    expect(await bot.ended).toBe(1);
    expect(bot.output).toMatch(/^whitewalker: .*token in DISCORD_TOKEN.*into \.env/m);
    expect(bot.output).not.toMatch(/\n\s+at |left open/);
  });

  it.each([
    [GatewayCloseCodes.AuthenticationFailed, /token in DISCORD_TOKEN.*into \.env/],
    [GatewayCloseCodes.InvalidShard, /Set SHARDS to auto/],
    [GatewayCloseCodes.ShardingRequired, /Set SHARDS to auto/],
    [GatewayCloseCodes.InvalidAPIVersion, /Update whitewalker/],
    [GatewayCloseCodes.InvalidIntents, /Update whitewalker/],
    [GatewayCloseCodes.DisallowedIntents, /Switch it on under "Privileged Gateway Intents"/],
  ])('the gateway refuses it with %i', async (closeCode, remedy) => {
    discord.gateway.refusal = closeCode;
    const output = await sentence();
    expect(output).toMatch(new RegExp(`^whitewalker: .*${remedy.source}.*\\(Gateway close code ${closeCode}`, 'm'));
  });

  it('it has logged in too often', async () => {
    discord.gateway.loginsLeft = 0;
    expect(await sentence()).toMatch(
      /^whitewalker: Discord lets this bot log in no more until 20\d\d-.*Stop whatever/m,
    );
  });

  it('what stands before Discord turns its machine away', async () => {
    discord.faults.next({ times: 99, do: page(403) });
    expect(await sentence()).toMatch(/^whitewalker: Discord's protection turns this machine away .*Wait an hour/m);
  });
});

describe('a running bot', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set();
  });
  beforeEach(() => stage.enterNewServer());
  afterEach(() => stage.discord.assertCorrect());
  afterAll(() => stage.strike());

  /** Waits until one more delivery has failed than by now. */
  async function untilDeliveryFails(): Promise<void> {
    const { bot } = stage;
    const failed = () => bot.log.filter(({ msg }) => msg === 'delivery failed, to be tried again').length;
    const before = failed();
    await bot.until(() => (failed() > before ? true : undefined), 'a delivery has failed');
  }

  it('whose token is reset ends, and loses nothing', async () => {
    const order = await running(await stage.order(stage.alice, long));
    const waiting = await stage.order(stage.bob);
    await waiting.acknowledged;
    stage.discord.resetToken();
    expect(await stage.bot.ended).toBe(1);
    expect(stage.bot.output).toMatch(/^whitewalker: .*DISCORD_TOKEN.*into \.env/m);
    expect(stage.bot.log).toContainEqual(expect.objectContaining({ level: 60, msg: expect.stringMatching('it ends') }));
    expect(stage.bot.output).not.toMatch('left open');
    await stage.restart();
    expectDeliveredOnce(await painted(order));
    expectDeliveredOnce(await painted(waiting));
  });

  it('that Discord refuses all calls ends, and loses no outcome that it could not tell', async () => {
    const order = await running(await stage.order(stage.alice, long));
    stage.discord.expire(order);
    const refusal = stage.discord.faults.next({ path: /^\/(?!webhooks)/, times: 999, do: unauthorized });
    expect(await stage.bot.ended).toBe(1);
    expect(stage.bot.output).toMatch(/^whitewalker: Discord does not know the token/m);
    refusal.cancel();
    await stage.restart();
    expectDeliveredOnce(await painted(order));
  });

  it('that Discord refuses some calls by mistake lives on, with its token and the outcome', async () => {
    const order = await running(await stage.order(stage.alice, long));
    stage.discord.expire(order);
    const refusal = stage.discord.faults.next({ path: /^\/channels/, times: 999, do: unauthorized });
    await untilDeliveryFails();
    refusal.cancel();
    expectDeliveredOnce(await painted(order));
  });

  it('keeps an outcome until what stands before Discord lets it through', async () => {
    const order = await running(await stage.order(stage.alice, long));
    const refusal = stage.discord.faults.next({ method: 'PATCH', path: /^\/webhooks/, times: 99, do: page(403) });
    await untilDeliveryFails();
    refusal.cancel();
    expectDeliveredOnce(await painted(order));
  });
});
