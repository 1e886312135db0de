import { REST } from 'discord.js';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { Deferred } from '../../src/deferred.js';
import { DiscordCourier } from '../../src/discord/delivery/discord-courier.js';
import { Messenger } from '../../src/discord/delivery/messenger.js';
import type { Job } from '../../src/jobs/job.js';
import { Journal } from '../../src/jobs/journal.js';
import { textsOf } from '../../src/local-discord/message-components.js';
import { acceptedJob } from '../jobs/accepted-job.js';

/** Returns a courier of a Discord that answers requests about progress only once it is freed, all others at once. */
function courierOfStuckDiscord() {
  const asked: string[] = [];
  const freed = new Deferred<void>();
  const watchers: (() => void)[] = [];
  const rest = new REST({
    makeRequest: async (_url, { body }) => {
      const [content = ''] = textsOf({ content: '', embeds: [], components: JSON.parse(String(body)).components });
      asked.push(content);
      for (const watch of watchers) watch();
      if (content.includes('easel')) await freed.promise;
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    },
    globalRequestsPerSecond: 1000,
  });
  const courier = new DiscordCourier({
    messenger: new Messenger(rest),
    journal: new Journal(Database.open(':memory:')),
    placeOf: () => undefined,
    onGone: () => {},
    log: pino({ level: 'silent' }),
  });
  const untilAsked = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => asked.length >= count && resolve();
      watchers.push(look);
      look();
    });
  return { courier, asked, untilAsked, free: () => freed.resolve() };
}

/** Makes a job whose interaction was created just now. */
function freshJob(number: number): Job {
  const job = acceptedJob();
  const interactionId = String((BigInt(Date.now() - 1_420_070_400_000) << 22n) + BigInt(number));
  return {
    ...job,
    id: String(number).padStart(20, '0'),
    reply: { ...job.reply, interactionId, token: `token${number}`, locale: 'en-US' },
  };
}

describe('an outcome', () => {
  it('does not wait for the progress of others, however slow Discord is with it', async () => {
    const { courier, asked, untilAsked } = courierOfStuckDiscord();
    const jobs = Array.from({ length: 12 }, (_, number) => freshJob(number));
    for (const job of jobs) courier.moved(job);
    await untilAsked(8);
    const last = jobs.at(-1);
    if (!last) throw new Error('There is no job');
    await courier.deliver({ ...last, state: 'delivering', outcome: { kind: 'cancelled', by: 'owner' } }, new Map());
    expect(asked).toHaveLength(9);
    expect(asked.at(-1)).toBe('Cancelled.');
  });

  it('comes after what is on its way, also where that was waited for already', async () => {
    const { courier, asked, untilAsked, free } = courierOfStuckDiscord();
    const job = freshJob(1);
    courier.moved(job);
    await untilAsked(1);
    const settled: string[] = [];
    const note = (what: string) => () => settled.push(what);
    const all = [
      courier.hush(job.id).then(note('hushed')),
      courier.hush(job.id).then(note('hushed again')),
      courier
        .deliver({ ...job, state: 'delivering', outcome: { kind: 'cancelled', by: 'owner' } }, new Map())
        .then(note('delivered')),
    ];
    // Every promise that doesn't wait for Discord has settled after a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    expect([settled, asked.length]).toEqual([[], 1]);
    free();
    await Promise.all(all);
    expect(settled).toEqual(['hushed', 'hushed again', 'delivered']);
    expect(asked).toHaveLength(2);
  });
});
