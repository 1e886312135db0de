import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LocalRedis, noRedis } from '../../bench/queue/local-redis.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import { exposition } from '../operations/exposition.js';
import { eventually } from '../patience.js';
import { walkingSquare } from '../works/walking-square.js';
import { isMessageRefusal } from './refusals.js';
import { RunningBot } from './running-bot.js';
import { expectDeliveredOnce, painted, painting, photo, Stage } from './stage.js';

describe.skipIf(noRedis)(noRedis ?? 'a bot with workers', () => {
  let redis: LocalRedis;
  let stage: Stage;
  let workers: RunningBot[] = [];
  /** Functions that end what was started, the last first; they are there even if not everything could be started. */
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    redis = await LocalRedis.start({ append: true });
    ends.unshift(() => redis.stop());
    stage = await Stage.set({ REDIS_URL: redis.url });
    ends.unshift(() => stage.strike());
    workers = await Promise.all([startWorker(), startWorker()]);
  });
  afterEach(() => stage.discord.assertCorrect());
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    for (const end of ends) await end();
  });

  function startWorker(): Promise<RunningBot> {
    const environment = {
      REDIS_URL: redis.url,
      THREADS: '1',
      LOST_WORKER_SECONDS: '1',
      HANG_SECONDS: '86400',
      METRICS_PORT: '0',
    };
    return RunningBot.startWorker(stage.discord, stage.dataFolder, environment);
  }

  /**
   * Orders something long, and returns the order once a worker has begun with it. Its message may never say so: a quick machine
   * is done before the message, which told a moment ago that the order waits, may be edited again.
   */
  async function begunOrder(): Promise<Interaction> {
    const begun = ({ log }: RunningBot) => log.filter(({ msg }) => msg === 'job begun').length;
    const waits = workers.map((worker) => {
      const before = begun(worker);
      return () => worker.until(() => (begun(worker) > before ? true : undefined), 'a job is begun');
    });
    const order = await stage.order(stage.alice, long);
    await Promise.any(waits.map((wait) => wait()));
    return order;
  }

  /** Has no worker paint any further before the function that is returned is called. */
  function holdComputing(): () => void {
    const goOn = workers.map((worker) => worker.holdComputing());
    return () => {
      for (const each of goOn) each();
    };
  }

  const closed = () => stage.bot.log.filter(({ msg }) => msg === 'job closed').length;
  const long = { quality: 'high', epochs: 40 } as const;

  it('has them paint, and lets them deliver', async () => {
    const orders = [await stage.order(stage.alice, long), await stage.order(stage.bob)];
    for (const order of orders) expectDeliveredOnce(await painted(order));
    await stage.bot.until(() => (closed() === 2 ? true : undefined), 'both jobs are closed');
    expect(stage.bot.computePids).toEqual([]);
    expect(workers.flatMap(({ log }) => log.filter(({ msg }) => msg === 'job done'))).toHaveLength(2);
  });

  it('has each of them tell operators how it is, and what it has computed', async () => {
    const answers = await Promise.all(
      workers.map(async (worker) => {
        const origin = String((await worker.untilLogged('operators are answered')).origin);
        const { ready, checks } = (await (await fetch(`${origin}/readyz`)).json()) as {
          ready: boolean;
          checks: object;
        };
        expect([ready, Object.keys(checks)]).toEqual([true, ['running', 'redis', 'compute', 'discord']]);
        return exposition(await (await fetch(`${origin}/metrics`)).text());
      }),
    );
    const kind = 'style-transfer';
    const evaluations = answers.map(({ value }) => value('whitewalker_evaluations_total', { kind }) ?? 0);
    expect(evaluations.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(40);
    expect(answers.map(({ value }) => value('whitewalker_compute_processes'))).toEqual([1, 1]);
    expect(answers.map(({ value }) => value('whitewalker_ready', { check: 'compute' }))).toEqual([1, 1]);
  });

  it('shows moderators who paints', async () => {
    const queue = await stage.mormont.in(stage.channel).command('queue');
    await queue.acknowledged;
    expect(queue.message?.text).toContain('2 workers, 2 pictures at once');
  });

  it('refuses what none of them has the weights for', async () => {
    const values = { content: photo, style: painting, network: 'vgg19' };
    const order = await stage.alice.in(stage.channel).command('lab', values);
    await order.acknowledged;
    expect(isMessageRefusal(order, 'have the weights of VGG19'), order.describe()).toBe(true);
  });

  it('shows how far they are, and stops what a worker paints when its person says so', async () => {
    // It is told a second after the beginning, and no machine is so quick that it would be done by then.
    const epochs = 1000;
    await stage.settings('epochs', { max: epochs });
    const order = await stage.order(stage.alice, { ...long, epochs });
    await order.until(({ message }) => message?.text.includes('Epoch '));
    const message = order.message;
    if (!message) throw new Error('There is no message');
    await stage.alice.click(message, 'Cancel');
    await order.until(({ message: now }) => now?.text === 'Cancelled.');
    await Promise.any(workers.map((worker) => worker.untilLogged('job left')));
  });

  it('may be killed: they go on and deliver, and it finds that they have', async () => {
    const first = await begunOrder();
    const goOn = holdComputing();
    const second = await stage.order(stage.bob);
    // The job is in the queue once its message says anything but that its pictures are being fetched.
    await second.until(({ message }) => message !== undefined && !message.text.includes('Fetching'));
    await stage.bot.kill();
    goOn();
    expectDeliveredOnce(await painted(first));
    await stage.restart({ SHARDS: 'auto' });
    await painted(second);
    await stage.bot.until(() => (closed() === 2 ? true : undefined), 'both jobs are closed');
    for (const order of [first, second]) expectDeliveredOnce(order);
  });

  it('says nothing of its own end, and lets them go on', async () => {
    const order = await begunOrder();
    const goOn = holdComputing();
    expect(await stage.bot.stop()).toBe(0);
    goOn();
    expect(order.message?.text).not.toContain('restarted');
    await stage.restart();
    await painted(order);
    await stage.bot.until(() => (closed() === 1 ? true : undefined), 'the job is closed');
    expectDeliveredOnce(order);
  });

  it('does not write over what a worker has told while neither it nor Redis was there', async () => {
    const order = await begunOrder();
    const goOn = holdComputing();
    await stage.bot.kill();
    goOn();
    await painted(order);
    const isDone = ({ log }: RunningBot) => (log.at(-1)?.msg === 'job done' ? true : undefined);
    await Promise.any(workers.map((worker) => worker.until(() => isDone(worker), 'the job is done')));
    const told = order.message?.text;
    await redis.kill();
    await stage.restart();
    // Once the new order is told where it waits, the bot would have told the old one as well.
    const other = await stage.order(stage.bob);
    await other.until(({ message }) => message?.text.includes('No machine is free'));
    expect(order.message?.text).toBe(told);
    await redis.start();
    await painted(other);
    await stage.bot.until(() => (closed() === 2 ? true : undefined), 'both jobs are closed');
    expect(order.message?.text).toBe(told);
  });

  it('has a job begun again whose worker is killed', async () => {
    const before = closed();
    const order = await begunOrder();
    const goOn = holdComputing();
    const isAtIt = ({ log }: RunningBot) =>
      log.filter(({ msg }) => /^job (begun|done|left)$/.test(msg ?? '')).at(-1)?.msg;
    const doomed = workers.find((worker) => isAtIt(worker) === 'job begun');
    expect(doomed).toBeDefined();
    await doomed?.kill();
    goOn();
    await painted(order);
    expectDeliveredOnce(order);
    await stage.bot.until(() => (closed() > before ? true : undefined), 'the job is closed');
    workers = workers.filter((worker) => worker !== doomed);
  });

  it('has the frames gone on with that a killed worker has painted, by another one', async () => {
    const frames = 32;
    const content = { name: 'walk.gif', bytes: walkingSquare(frames) };
    const order = await stage.order(stage.alice, { content });
    await order.acknowledged;
    const { job } = await stage.bot.until(
      () => stage.bot.log.findLast(({ msg }) => msg === 'job accepted'),
      'the job is accepted',
    );
    const client = new Redis(redis.url);
    try {
      const kept = async () => {
        const [key] = await client.keys(`*:files:${String(job)}`);
        return key === undefined ? 0 : (await client.hkeys(key)).filter((name) => name.startsWith('frame-')).length;
      };
      await eventually(async () => expect(await kept()).toBeGreaterThanOrEqual(3));
      await Promise.all(workers.map((worker) => worker.kill()));
      const left = await kept();
      expect(left).toBeLessThan(frames);
      const edits = order.message?.edits.length ?? 0;
      workers = [await startWorker()];
      expectDeliveredOnce(await painted(order));
      const shown = order.message?.edits.slice(edits).flatMap(({ components }) => {
        const [, frame] = /frame (\d+) of/.exec(JSON.stringify(components)) ?? [];
        return frame === undefined ? [] : [Number(frame)];
      });
      // One of these may be about the killed worker, whose third frame was kept when it was told of.
      expect(shown?.every((frame) => frame > 2)).toBe(true);
      expect(order.message?.text).toContain(`${frames} frames`);
      await eventually(async () => expect(await kept()).toBe(0));
    } finally {
      client.disconnect();
    }
  });

  it('waits where there is none any more, says so, and goes on when one comes', async () => {
    // A worker in a terminal gets this signal when that is closed.
    for (const worker of workers) expect(await worker.stop('SIGHUP')).toBe(0);
    const news = () => stage.bot.log.findLast(({ msg }) => msg === 'workers' || msg === 'no workers')?.msg;
    await stage.bot.until(() => (news() === 'no workers' ? true : undefined), 'no workers are left');
    const order = await stage.order(stage.bob);
    await order.until(({ message }) => message?.text.includes('No machine is free'));
    const quiet = await stage.order(stage.alice, { private: true });
    await quiet.acknowledged;
    expect(isMessageRefusal(quiet, /No machine .* could not answer you late/), quiet.describe()).toBe(true);
    workers = [await startWorker()];
    expectDeliveredOnce(await painted(order));
  });

  it('loses nothing where Discord knows its token no more, and says so', async () => {
    const order = await begunOrder();
    stage.discord.expire(order);
    const refusal = stage.discord.faults.next({
      path: /^\/(channels|users)/,
      times: 999,
      do: { status: 401, body: { message: '401: Unauthorized', code: 0 } },
    });
    const [worker] = workers;
    expect(await worker?.ended).toBe(1);
    expect(worker?.output).toMatch(/^whitewalker: Discord does not know the token in DISCORD_TOKEN/m);
    refusal.cancel();
    workers = [await startWorker()];
    expectDeliveredOnce(await painted(order));
    // The bot and each worker find out for themselves that the interaction has run out.
    expect(stage.discord.violations.filter((text) => !text.includes('that the token has run out'))).toEqual([]);
    stage.discord.forgetViolations();
  });

  it('keeps secrets out of logs', () => {
    const logs = [stage.bot, ...workers].map(({ output }) => output).join('\n');
    expect(logs).not.toContain(stage.discord.token);
  });
});
