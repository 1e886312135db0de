import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MessageFlags } from 'discord.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { openAnimation } from '../../src/imaging/animation/open-animation.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import { uniformNumbers } from '../../src/random-numbers.js';
import { eventually } from '../patience.js';
import { walkingSquare } from '../works/walking-square.js';
import { isMessageRefusal } from './refusals.js';
import { expectDeliveredOnce, expectOnlyAnswers, long, painted, running, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
beforeEach(() => stage.enterNewServer());
afterEach(() => stage.discord.assertCorrect());
afterAll(() => stage.strike());

/**
 * Forgives second answers to an interaction: a bot that was killed while it answered can find out only by answering
 * again whether it had. Expects that there are no other violations.
 */
function forgiveSecondAnswers(): void {
  const others = stage.discord.violations.filter((text) => !/callback: .* (already acknowledged|too late)/.test(text));
  expect(others).toEqual([]);
  stage.discord.forgetViolations();
}

/** Makes all jobs that the bot, which doesn't run, has open some minutes older: then their people are called back. */
function letOpenJobsAge(): void {
  const database = Database.open(join(stage.dataFolder, 'whitewalker.db'));
  database.run("UPDATE jobs SET accepted_at = accepted_at - 180000 WHERE state <> 'closed'");
  database.close();
}

describe('an order whose person was told that nothing came of it', () => {
  /** Expects that nothing came of an order, now and later, and that its person can order again. */
  async function expectNothingOf(order: Interaction): Promise<void> {
    const { job } = await stage.bot.untilLogged('job withdrawn: its person could not be told of it');
    const next = await painted(await stage.order(stage.alice));
    expectOnlyAnswers(stage.channel, [next]);
    expect([order.messages, stage.bot.log.filter((line) => line.job === job && line.msg === 'job begun')]).toEqual([
      [],
      [],
    ]);
    forgiveSecondAnswers();
  }

  it('because the bot answered too late is not painted', async () => {
    const order = await stage.order(stage.alice);
    // No answer can have come in the same turn of the event loop.
    stage.discord.advance(3000);
    await expect(order.acknowledged).rejects.toThrow('did not respond');
    await expectNothingOf(order);
  });

  it('because the bot was killed before it answered is not painted by the next one', async () => {
    stage.discord.faults.next({ path: /\/callback$/, times: 99, do: 'reset' });
    const before = stage.bot.log.length;
    const order = await stage.order(stage.alice);
    const accepted = () => stage.bot.log.slice(before).find(({ msg }) => msg === 'job accepted');
    await stage.bot.until(accepted, 'the job is accepted');
    await stage.bot.kill();
    stage.discord.faults.clear();
    stage.discord.advance(3000);
    await expect(order.acknowledged).rejects.toThrow('did not respond');
    await stage.restart();
    await expectNothingOf(order);
  });
});

describe('kill -9 of the bot', () => {
  it.each([
    [
      'while pictures are being fetched',
      () => stage.discord.faults.next({ path: /^\/attachments/, do: { heldUntil: new Promise(() => {}) } }),
      /Fetching/,
    ],
    ['while jobs run and wait', () => {}, /easel|Epoch /],
    [
      'while a result is being delivered',
      () => stage.discord.faults.next({ method: 'PATCH', path: /^\/webhooks/, times: 99, do: { status: 503 } }),
      undefined,
    ],
  ])('%s loses nothing', async (_when, prepare, text) => {
    prepare();
    const orders = [
      await stage.order(stage.alice, text === undefined ? {} : long),
      await stage.order(stage.bob),
      await stage.order(stage.mormont),
    ];
    await Promise.all(orders.map((order) => order.acknowledged));
    if (text === undefined) await stage.bot.untilLogged('delivery failed, to be tried again');
    else await orders[0]?.until(({ message }) => message?.text.match(text));
    await stage.bot.kill();
    stage.discord.faults.clear();
    await stage.restart();
    for (const order of orders) expectDeliveredOnce(await painted(order));
    forgiveSecondAnswers();
  });

  /** Orders a content of so many frames. Returns the order, and a function that finds the painted frames that are kept. */
  async function orderMoving(frames: number) {
    const before = stage.bot.log.length;
    const content = { name: 'walk.gif', bytes: walkingSquare(frames) };
    const order = await stage.order(stage.alice, { content, quality: 'draft' });
    const accepted = () => stage.bot.log.slice(before).find(({ msg }) => msg === 'job accepted');
    const { job } = await stage.bot.until(accepted, 'the job is accepted');
    const folder = join(stage.dataFolder, 'jobs', String(job));
    const kept = async () => (await readdir(folder)).filter((name) => name.startsWith('frame-'));
    const keeps = (count: number) =>
      eventually(async () => expect((await kept()).length).toBeGreaterThanOrEqual(count));
    return { order, folder, kept, keeps };
  }

  it('while a content that moves is painted goes on at the frame where it was, as that of the process that computes does', async () => {
    const frames = 32;
    const { order, folder, kept, keeps } = await orderMoving(frames);
    const changedAt = async () => (await stat(join(folder, 'frame-0.png'))).mtimeMs;
    await keeps(2);
    const firstKeptAt = await changedAt();
    for (const pid of stage.bot.computePids) process.kill(pid, 'SIGKILL');
    await keeps(4);
    await stage.bot.kill();
    const left = (await kept()).length;
    expect(left).toBeLessThan(frames);
    await stage.restart();
    await keeps(left + 1);
    expect(await changedAt()).toBe(firstKeptAt);
    expectDeliveredOnce(await painted(order));
    expect(order.message?.text).toContain(`${frames} frames`);
    const [{ name, bytes } = expect.fail('no file'), ...others] = order.message?.attachments ?? [];
    expect([name, others]).toEqual(['whitewalker-result.webp', []]);
    expect(await openAnimation(bytes)).toMatchObject({ delaysMs: Array(frames).fill(100), loops: 0 });
    await eventually(async () => expect(await kept()).toEqual([]));
    forgiveSecondAnswers();
    const cancelled = await orderMoving(frames);
    await cancelled.keeps(1);
    await stage.alice.click(cancelled.order.message ?? expect.fail('no message'), 'Cancel');
    await cancelled.order.until(({ message }) => message?.text === 'Cancelled.');
    await eventually(async () => expect(await cancelled.kept()).toEqual([]));
  });

  it('of an older version, whose messages were texts, loses nothing either', async () => {
    const order = await running(await stage.order(stage.alice, long));
    await stage.bot.kill();
    if (!order.message) throw new Error('There is no reply');
    order.message.flags = 0;
    order.message.content = 'Epoch 3 of 40';
    order.message.components = [];
    await stage.restart();
    await painted(order);
    expect(order.message).toMatchObject({ content: '', flags: MessageFlags.IsComponentsV2 });
    expect(order.message.text).toContain('White Walker');
  });

  it('before it knew that an order was answered loses nothing, though the interaction has run out meanwhile', async () => {
    stage.discord.faults.next({ path: /\/callback$/, do: 'reset-after-processing' });
    stage.discord.faults.next({ method: 'GET', path: /@original$/, times: 99, do: { status: 503 } });
    const order = await stage.order(stage.alice);
    await order.acknowledged;
    await stage.bot.kill();
    stage.discord.faults.clear();
    stage.discord.expire(order);
    await stage.restart();
    expectDeliveredOnce(await painted(order));
    forgiveSecondAnswers();
  });

  it('at random moments loses none of many jobs, and delivers none twice', async () => {
    // `npm run chaos` kills the bot at hundreds of moments, while everything else goes wrong, too.
    const moments = Number(process.env.KILL_MOMENTS ?? 5);
    const random = uniformNumbers(Number(process.env.KILL_SEED ?? 7));
    const people = Array.from({ length: moments }, (_, number) => stage.newcomer(`Brother ${number}`));
    const orders: Interaction[] = [];
    // A person whose order meets a bot that has just died orders again, once the bot is back.
    const tryToOrder = async (person: (typeof people)[number]): Promise<void> => {
      const order = await stage.order(person);
      await order.acknowledged.then(
        () => orders.push(order),
        () => stage.discord.until(() => stage.discord.gateway.isConnected).then(() => tryToOrder(person)),
      );
    };
    const ordering = Promise.all(
      people.map(async (person, index) => {
        await stage.discord.until(() => orders.length >= index - 2);
        await tryToOrder(person);
      }),
    );
    const isDone = ({ message }: Interaction) => message?.attachments.some(({ name }) => name.includes('result'));
    for (let kills = 0; kills < moments; kills++) {
      // A random moment is so many lines of the log later, or a second later where the bot logs less.
      const lines = stage.bot.log.length + Math.floor(random() * 25);
      const happened = () => (stage.bot.log.length >= lines ? true : undefined);
      await Promise.race([stage.bot.until(happened, 'something happens'), wait(1000)]);
      await stage.bot.kill();
      letOpenJobsAge();
      await stage.restart();
    }
    await ordering;
    await stage.discord.until(() => orders.length === moments && orders.every(isDone));
    for (const order of orders) expectDeliveredOnce(order);
    expectOnlyAnswers(stage.channel, orders);
    forgiveSecondAnswers();
  });
});

describe('a signal to end', () => {
  it('hands what runs and waits back, says so, and goes on after the next start', async () => {
    const first = await running(await stage.order(stage.alice, long));
    const second = await stage.order(stage.bob);
    await second.until(({ message }) => message?.text.includes('next'));
    // A terminal that is closed sends this one; the next test sends SIGTERM.
    expect(await stage.bot.stop('SIGHUP')).toBe(0);
    for (const { message } of [first, second]) expect(message?.text).toContain('I am being restarted');
    await stage.restart();
    await painted(first);
    await painted(second);
  });

  it('lets what runs finish, within the time that is given, and takes nothing new meanwhile', async () => {
    await stage.bot.kill();
    await stage.restart({ SHUTDOWN_SECONDS: '3600' });
    const first = await running(await stage.order(stage.alice, long));
    const stopped = stage.bot.stop();
    await stage.bot.untilLogged('stopping');
    const late = await stage.order(stage.bob);
    await late.acknowledged;
    expect(isMessageRefusal(late, 'being restarted'), late.describe()).toBe(true);
    expect(await stopped).toBe(0);
    await painted(first);
  });
});
