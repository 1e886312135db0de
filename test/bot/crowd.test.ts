import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { painted, photo, running, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ QUEUE_LENGTH: '230', SERVER_QUEUE_LENGTH: '300' });
  expect(await stage.settings('limits', { active: 5, queue: 300 })).toContain('300 waiting');
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

/** Returns the quantile of values: the one that a share of them, from 0 to 1, does not exceed. */
function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
}

describe('a crowd', () => {
  it('of ten people with five jobs each is served in turns: nobody’s second before everybody’s first', async () => {
    const people = Array.from({ length: 10 }, (_, number) => stage.newcomer(`Fair ${number}`));
    // A long job runs first, so that all others arrive before the first of them begins.
    const blocker = await running(await stage.order(stage.mormont, { quality: 'high', epochs: 300 }));
    const orders = [];
    for (const person of people)
      for (let job = 0; job < 5; job++) orders.push(await stage.order(person, { epochs: 1 }));
    await Promise.all(
      orders.map((order) =>
        order.until(({ message }) => message?.text.includes('queue') || message?.text.includes('next')),
      ),
    );
    if (!blocker.message) throw new Error('There is no reply');
    await stage.mormont.click(blocker.message, 'Cancel');
    await Promise.all(orders.map(painted));
    const owners = new Map(
      stage.bot.log.filter(({ msg }) => msg === 'job accepted').map(({ job, owner }) => [job, owner]),
    );
    const served = stage.bot.log.filter(({ msg }) => msg === 'job begun').map(({ job }) => owners.get(job));
    const turns = served.filter((owner) => people.some(({ id }) => id === owner));
    for (let round = 0; round < 5; round++) expect(new Set(turns.slice(10 * round, 10 * (round + 1))).size).toBe(10);
  });

  it('of 200 people within a second is answered in time, while a picture is being painted, and nobody is lost', async () => {
    const people = Array.from({ length: 200 }, (_, number) => stage.newcomer(`Wildling ${number}`));
    await running(await stage.order(stage.mormont, { quality: 'high', epochs: 150 }));
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const orders = await Promise.all(
      people.map((person) =>
        person.in(stage.channel).command('whitewalker', { content: photo, quality: 'draft', epochs: 1 }),
      ),
    );
    await Promise.all(orders.map(({ acknowledged }) => acknowledged));
    delay.disable();
    const times = orders.map(({ acknowledgedAfterMs }) => acknowledgedAfterMs ?? Number.NaN);
    console.info(
      `200 at once: answered within p50 ${quantile(times, 0.5).toFixed(0)} ms, p99 ${quantile(times, 0.99).toFixed(0)} ms, ` +
        `at most ${Math.max(...times).toFixed(0)} ms; event loop of the local Discord delayed by up to ${(delay.max / 1e6).toFixed(0)} ms`,
    );
    // Every accepted job is in the database, even if the bot is killed right after its answer.
    await stage.bot.kill();
    const database = Database.open(join(stage.dataFolder, 'whitewalker.db'));
    const jobs = new Map(database.all('SELECT owner_id, state FROM jobs').map((row) => [row.owner_id, row.state]));
    database.close();
    expect(people.filter(({ id }) => !jobs.has(id))).toEqual([]);
  });
});
