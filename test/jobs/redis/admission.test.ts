import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { noRedis } from '../../../bench/queue/local-redis.js';
import { RedisLink } from '../../../src/jobs/redis/redis-link.js';
import { packageRoot } from '../../../src/package-root.js';
import { until } from '../../patience.js';
import { RedisBot } from './redis-bot.js';
import { HeldCompute, RedisStage } from './redis-stage.js';
import { RefusingRedis } from './refusing-redis.js';

describe.skipIf(noRedis)(noRedis ?? 'at the start', () => {
  let redis: RefusingRedis;
  let folder: string;

  beforeAll(async () => {
    redis = await RefusingRedis.start();
    folder = await mkdtemp(join(tmpdir(), 'whitewalker-admission-'));
    await redis.ask('ACL', 'SETUSER', 'known', 'on', '>secret', '~*', '&*', '+@all');
    await redis.ask('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '&*', '+@all', '-@write');
    await redis.ask('ACL', 'SETUSER', 'deaf', 'on', '>secret', '~*', '+@all', 'resetchannels');
  });
  afterAll(async () => {
    await redis.stop();
    await rm(folder, { recursive: true });
  });
  afterEach(() => vi.restoreAllMocks());

  const urlOf = (who: string, database = '') => redis.server.url.replace('//', `//${who}@`) + database;

  it.each([
    ['a wrong password', 'known:wrong', '', 'WRONGPASS'],
    ['a user that Redis doesn’t know', 'nobody:secret', '', 'WRONGPASS'],
    ['a user that may not write', 'reader:secret', '', 'NOPERM'],
    ['a user that may not send news', 'deaf:secret', '', 'NOPERM'],
    ['a database that Redis doesn’t have', 'known:secret', '/99', 'ERR DB index'],
  ])('Redis is said not to let us in: %s', async (_what, who, database, code) => {
    const log = pino({ level: 'silent' });
    const link = new RedisLink({ url: urlOf(who, database), failsFast: true, log });
    try {
      await expect(link.untilAdmitted()).rejects.toMatchObject({
        domain: 'redis',
        code: 'refused',
        message: expect.stringMatching(new RegExp(`${code}.*REDIS_URL`)),
      });
    } finally {
      link.close();
    }
  });

  it('Redis is said not to let us in where another connection hears of it first', async () => {
    const link = new RedisLink({ url: urlOf('known:wrong'), failsFast: false, log: pino({ level: 'silent' }) });
    try {
      const heard = vi.fn();
      const admission = link.untilAdmitted().finally(heard);
      link.bulk().emit('error', Object.assign(new Error('WRONGPASS'), { name: 'ReplyError' }));
      await setImmediate();
      expect(heard).not.toHaveBeenCalled();
      await expect(admission).rejects.toMatchObject({ code: 'refused' });
    } finally {
      link.close();
    }
  });

  it('a Redis that loads its data for long keeps no start waiting', async () => {
    await redis.ask('MSET', ...Array.from({ length: 20_000 }, (_, index) => [`key-${index}`, 'value']).flat());
    // In microseconds for each key.
    await redis.set('key-load-delay', '1000');
    const reload = redis.another();
    const loaded = reload.call('DEBUG', 'RELOAD').finally(() => reload.disconnect());
    await until(async () => /^loading:1/m.test(String(await redis.ask('INFO', 'persistence'))));
    const log = pino({ level: 'silent' });
    const link = new RedisLink({ url: redis.server.url, failsFast: true, admissionMs: 50, log });
    try {
      await link.untilAdmitted();
      expect(link.isConnected).toBe(false);
    } finally {
      link.close();
      await redis.set('key-load-delay', '0');
      await loaded;
      await redis.ask('FLUSHALL');
    }
  });

  it.each(['bot', 'worker'])('%s ends with a sentence where the password is wrong', async (command) => {
    const environment = {
      PATH: process.env.PATH,
      DATA_DIR: join(folder, command),
      REDIS_URL: urlOf('known:wrong'),
      LOG_LEVEL: 'silent',
      ...(command === 'bot' && { DISCORD_TOKEN: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.abcdef.abcdefghijklmnopqrstuvwxyz0' }),
    };
    const main = join(packageRoot(), 'dist', 'src', 'main.js');
    const child = spawn(process.execPath, [main, command], { cwd: folder, env: environment });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const words = await text(child.stderr);
    expect(words).toMatch(/^whitewalker: Redis doesn't let us in: WRONGPASS .*REDIS_URL.*\n$/);
    expect(await ended).toBe(1);
  });

  it('both sides warn once, in the log alone, of a Redis that throws data away', async () => {
    const written = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    await redis.set('maxmemory-policy', 'allkeys-lru');
    const stage = new RedisStage(redis.server.url);
    try {
      await stage.worker(new HeldCompute());
      const bot = await RedisBot.start(stage);
      await bot.add('ann-1');
      await until(() => stage.warnings.length >= 2);
      // What was said once is not said again on the next connection.
      await redis.cut();
      await until(() => !bot.link.isUp);
      await bot.link.untilUp();
      await bot.stop('ann-1');
    } finally {
      await stage.strike();
      await redis.set('maxmemory-policy', 'noeviction');
    }
    const warning =
      'Redis may throw jobs away when its memory is full: set its maxmemory-policy to noeviction, not allkeys-lru';
    expect(stage.warnings.filter((what) => what === warning)).toHaveLength(2);
    for (const spy of written) expect(spy).not.toHaveBeenCalled();
  });
});
