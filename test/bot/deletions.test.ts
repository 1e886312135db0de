import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/local-discord/channel.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Message } from '../../src/local-discord/message.js';
import type { LogLine } from './running-bot.js';
import { long, otherPhoto, painted, photo, running, Stage } from './stage.js';

let stage: Stage;
let crypt: Channel;
let log: Channel;
beforeAll(async () => {
  stage = await Stage.set();
  log = stage.guild.createChannel({ name: 'log' });
  await stage.settings('log', { channel: log });
});
beforeEach(() => {
  crypt = stage.guild.createChannel({ name: 'crypt' });
});
afterEach(() => stage.discord.faults.clear());
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

const order = (values = {}) => stage.alice.in(crypt).command('whitewalker', { content: photo, ...long, ...values });

function messageOf({ message }: Interaction): Message {
  if (message === undefined) throw new Error('There is no message');
  return message;
}

/** Waits until the bot has closed an order's job, and returns the log's line about it. */
async function closed(interaction: Interaction): Promise<LogLine> {
  const job = /cancel:([0-9a-f]+)/.exec(JSON.stringify(interaction.message?.edits[0]))?.[1];
  return stage.bot.until(
    () => stage.bot.log.find((line) => line.msg === 'job closed' && line.job === job),
    `job ${job} is closed`,
  );
}

/** Expects that the order's job is cancelled, and that this is said in the server's log and nowhere else. */
async function expectQuietlyCancelled(interaction: Interaction): Promise<void> {
  expect(await closed(interaction)).toMatchObject({ outcome: 'cancelled' });
  const entry = `The message of a picture of <@${stage.alice.id}> in <#${crypt.id}> was deleted, so I cancelled it`;
  await stage.discord.until(() => log.messages.some(({ text }) => text === entry));
  expect(crypt.messages.filter(({ isDeleted }) => !isDeleted)).toEqual([]);
  expect(interaction.followUps).toEqual([]);
}

describe('a job whose message is deleted ends quietly, and another has its slot', () => {
  it('while it runs', async () => {
    const removed = await running(await order());
    const next = await stage.bob.in(stage.channel).command('whitewalker', { content: otherPhoto, quality: 'draft' });
    stage.discord.world.deleteMessage(messageOf(removed));
    await painted(next);
    await expectQuietlyCancelled(removed);
  });

  it('while it waits, among others that are deleted at once', async () => {
    const first = await running(await stage.bob.in(stage.channel).command('whitewalker', { content: photo, ...long }));
    const waiting = await order();
    await waiting.until(({ message }) => message?.text.includes('You are next'));
    stage.discord.world.deleteMessages(crypt, [messageOf(waiting)]);
    await expectQuietlyCancelled(waiting);
    await stage.bob.click(messageOf(first), 'Cancel');
  });

  it('while its pictures are fetched, with its channel', async () => {
    stage.discord.faults.next({ path: /astronaut/, do: { slowBody: { chunkBytes: 100, everyMs: 50 } } });
    const fetching = await order();
    await fetching.until(({ message }) => message?.text.includes('Fetching'));
    stage.discord.world.deleteChannel(crypt);
    await expectQuietlyCancelled(fetching);
  });

  it('while the bot is away', async () => {
    const away = await running(await order());
    await stage.bot.kill();
    stage.discord.world.deleteMessage(messageOf(away));
    await stage.restart();
    await expectQuietlyCancelled(away);
  });
});

it('posts no result anew where the message is deleted while the result is delivered', async () => {
  const delivered = await order({ quality: 'draft', epochs: 2 });
  stage.discord.faults.serverError({ method: 'PATCH', path: /^\/webhooks\//, status: 503, times: 1000 });
  await stage.bot.until(
    () => stage.bot.log.find(({ msg }) => msg === 'delivery failed, to be tried again'),
    'it fails',
  );
  stage.discord.world.deleteMessage(messageOf(delivered));
  stage.discord.faults.clear();
  expect(await closed(delivered)).toMatchObject({ outcome: 'result' });
  expect(crypt.messages.filter(({ isDeleted }) => !isDeleted)).toEqual([]);
  expect(delivered.followUps).toEqual([]);
});
