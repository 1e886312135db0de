import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../src/local-discord/person.js';
import { running, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

async function queueOf(person: Person) {
  const queue = await person.in(stage.channel).command('queue');
  await queue.acknowledged;
  if (!queue.message) throw new Error('There is no queue');
  expect(queue.message.isEphemeral).toBe(true);
  return queue.message;
}

describe('/queue', () => {
  it('says so where nothing waits', async () => {
    expect((await queueOf(stage.alice)).text).toContain('Nothing is waiting or running');
  });

  it('shows people their own, moderators everybody’s, with places and times, and cancels from a menu', async () => {
    const long = { quality: 'high', epochs: 300 } as const;
    const first = await running(await stage.order(stage.alice, long));
    const second = await stage.order(stage.bob);
    await second.until(({ message }) => message?.text.match(/You are next: begins <t:\d+:R>, ready <t:\d+:R>/));
    const third = await stage.order(stage.alice);
    await third.until(({ message }) => message?.text.includes('Number 2 in the queue'));

    const mine = (await queueOf(stage.alice)).text;
    expect(mine).toMatch(/1\. \*\*White Walker\*\*: running, ready <t:\d+:R>\n2\. \*\*White Walker\*\*: number 2/);
    expect((await queueOf(stage.bob)).text).not.toContain('running');
    const all = await queueOf(stage.mormont);
    for (const { id } of [stage.alice, stage.bob]) expect(all.text).toContain(`<@${id}>`);
    expect(all.mentions).toEqual([]);

    const [[waitingOfBob]] = [
      stage.bot.log.filter(({ msg, owner }) => msg === 'job accepted' && owner === stage.bob.id),
    ];
    await stage.mormont.select(all, 'queue-cancel', [String(waitingOfBob?.job)]);
    await second.until(({ message }) => message?.text === 'Cancelled by a moderator.');
    await stage.discord.until(() => !all.text.includes(`<@${stage.bob.id}>`));

    const own = await queueOf(stage.alice);
    for (const job of stage.bot.log.filter(({ msg, owner }) => msg === 'job accepted' && owner === stage.alice.id)) {
      await stage.alice.select(own, 'queue-cancel', [String(job.job)]);
    }
    for (const order of [first, third]) await order.until(({ message }) => message?.text === 'Cancelled.');
  });
});
