import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ComponentType } from 'discord.js';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { textsOf } from '../../src/local-discord/message-components.js';
import { uniformNumbers } from '../../src/random-numbers.js';
import { isMessageRefusal } from './refusals.js';
import type { LogLine } from './running-bot.js';
import { expectOnlyAnswers, long, painted, photo, running, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterEach(() => stage.discord.faults.clear());
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

const edits = { method: 'PATCH', path: /^\/webhooks\// } as const;

/** Returns a message's edits that have a result. */
function results(message: { edits: readonly { files: readonly { name: string }[] }[] } | undefined) {
  return message?.edits.filter(({ files }) => files.some(({ name }) => name.includes('result'))) ?? [];
}

describe('a running job', () => {
  it('shows a bar, where it stands, when it will be ready, and a picture now and then', async () => {
    // No machine is so quick that it would be done before the second edit, some seconds after the first.
    const epochs = 1000;
    await stage.settings('epochs', { max: epochs });
    const order = await running(await stage.order(stage.alice, { ...long, epochs, preset: 'weirwood', spoiler: true }));
    await order.until(({ message }) => message?.text.includes('Epoch ') && message.attachments.length === 1);
    expect(order.message?.text).toMatch(
      /^▰*▱+ \d+ %\nEpoch \d+ of 1,?000, scale \d of \d \(\d+ × \d+\), loss [\d.]+\. Ready <t:\d+:R>\.$/,
    );
    expect(order.message?.attachments[0]).toMatchObject({
      name: 'SPOILER_preview.jpg',
      description: expect.any(String),
    });
    const progress = () => order.message?.edits.filter((edit) => textsOf(edit).join().includes('Epoch ')) ?? [];
    await order.until(() => progress().length > 1);
    const edits = progress();
    for (const { content, components } of edits) {
      expect([content, components.length]).toEqual(['', 1]);
      expect(components[0]).toMatchObject({ type: ComponentType.Container, accent_color: 0xb33436 });
    }
    if (!order.message) throw new Error('There is no reply');
    await stage.alice.click(order.message, 'Cancel');
    await order.until(({ message }) => message?.text === 'Cancelled.');
    // An edit may arrive late, and the next one seem to follow it closely; but none may come before its time.
    const begunAt = Number(stage.bot.log.findLast(({ msg }) => msg === 'job begun')?.time);
    const early = edits.filter(({ at }, index) => at - begunAt < 2500 * index);
    expect(early).toEqual([]);
  });
});

describe('a result', () => {
  it('reaches its person by the bot’s own token, once the interaction’s has run out', async () => {
    const order = await running(await stage.order(stage.alice, long));
    stage.discord.expire(order);
    await painted(order);
    expect(results(order.message)).toHaveLength(1);
  });

  it('calls its person, once, who has waited long', async () => {
    const order = await running(await stage.order(stage.alice, long));
    await stage.bot.kill();
    const database = Database.open(join(stage.dataFolder, 'whitewalker.db'));
    database.run("UPDATE jobs SET accepted_at = accepted_at - 180000 WHERE state = 'running'");
    database.close();
    await stage.restart();
    await painted(order);
    // On a busy machine, other orders have taken long as well.
    const calls = () =>
      stage.channel.messages.filter(({ origin }) => origin.reference?.message_id === order.message?.id);
    await stage.discord.until(() => calls().length > 0);
    expect(calls().map(({ text }) => text)).toEqual([
      `<@${stage.alice.id}> your picture is ready: https://discord.com/channels/${stage.guild.id}/${stage.channel.id}/${order.message?.id}`,
    ]);
  });

  it.each([
    ['is throttled', () => stage.discord.faults.rateLimited({ ...edits, times: 2, retryAfterMs: 300 })],
    ['has an outage', () => stage.discord.faults.serverError({ ...edits, status: 503, times: 6 })],
    ['cuts the connection in an upload', () => stage.discord.faults.next({ ...edits, do: { resetAfterBytes: 2000 } })],
    [
      'cuts it after having taken the result',
      () => stage.discord.faults.next({ ...edits, times: 2, do: 'reset-after-processing' }),
    ],
  ])('is delivered once where Discord %s', async (_what, misbehave) => {
    const crypt = stage.guild.createChannel({ name: 'crypt' });
    const order = await stage.alice.in(crypt).command('whitewalker', { content: photo, quality: 'draft' });
    await order.acknowledged;
    misbehave();
    await painted(order);
    await stage.bot.until(() => closed(stage.bot.log, stage.alice.id), 'the job is closed');
    expectOnlyAnswers(crypt, [order]);
    expect(order.followUps).toEqual([]);
  });

  it('is delivered where Discord took the answer to the order without saying so, and cannot be asked about it at first', async () => {
    stage.discord.faults.next({ path: /\/callback$/, times: 1, do: 'reset-after-processing' });
    // The REST client tries four times before it gives up a question.
    stage.discord.faults.next({ method: 'GET', path: /@original$/, times: 4, do: { status: 503 } });
    await painted(await stage.order(stage.alice));
    // A second answer is no fault here: only by answering again can the bot find out whether it had answered.
    const others = stage.discord.violations.filter((text) => !text.includes('already acknowledged'));
    expect(others).toEqual([]);
    stage.discord.forgetViolations();
  });

  it('comes without its animation where Discord takes less than it promised', async () => {
    const order = await stage.order(stage.alice);
    stage.discord.faults.next({
      ...edits,
      path: /@original|messages/,
      times: 1,
      do: { status: 413, body: { code: 40005, message: 'Request entity too large' } },
    });
    await painted(order);
  });

  it('keeps to a limit of 100 kB', async () => {
    const hut = stage.discord.createGuild({ name: 'Craster', attachmentSizeLimit: 100_000 });
    const hall = hut.createChannel({ name: 'hall' });
    hut.join(stage.alice);
    const order = await stage.alice.in(hall).command('whitewalker', { content: photo, ...long, epochs: 20 });
    await painted(order);
    for (const { bytes } of order.message?.attachments ?? []) expect(bytes.length).toBeLessThanOrEqual(100_000);
  });

  it('of noise keeps to as many bytes a pixel as 1024² pixels have of Discord’s 10 MiB', async () => {
    const side = 512;
    const tower = stage.discord.createGuild({ name: 'Eastwatch', attachmentSizeLimit: 10 * side ** 2 });
    const room = tower.createChannel({ name: 'room' });
    tower.join(stage.alice);
    const random = uniformNumbers(1);
    const raw = Uint8Array.from({ length: 3 * side ** 2 }, () => Math.floor(256 * random()));
    const bytes = await sharp(raw, { raw: { width: side, height: side, channels: 3 } })
      .webp()
      .toBuffer();
    const noise = { name: 'noise.webp', bytes };
    const values = { content: noise, style: noise, size: side, epochs: '2' };
    const order = await painted(await stage.alice.in(room).command('lab', values));
    const [picture, animation] = order.message?.attachments ?? [];
    expect(picture).toMatchObject({ width: side, height: side });
    expect(animation).toBeDefined();
  });

  it('is given up where the bot was thrown out and the token has run out, and the next one goes on', async () => {
    const order = await running(await stage.order(stage.alice, long));
    stage.discord.expire(order);
    stage.channel.botPermissions = 0n;
    await stage.bot.untilLogged('outcome could not be told: nobody can be reached there');
    stage.channel.botPermissions = undefined;
    await painted(await stage.order(stage.bob));
  });
});

/** Returns the line of the log about a person's last job being closed; undefined until it is. */
function closed(log: readonly LogLine[], ownerId: string): LogLine | undefined {
  const job = log.findLast(({ msg, owner }) => msg === 'job accepted' && owner === ownerId)?.job;
  return log.find((line) => line.msg === 'job closed' && line.job === job);
}

describe('where the bot may answer for 15 minutes only', () => {
  let slow: Stage | undefined;
  afterAll(() => slow?.strike());

  it('a job that would take longer is not accepted', async () => {
    slow = await Stage.set({ QUALITY_HIGH: '2048px 1000 epochs' });
    await slow.settings('size', { max: 2048 });
    await slow.settings('epochs', { max: 1000 });
    await (await slow.order(slow.bob, { quality: 'high', private: true })).until(({ message }) =>
      message?.text.match(/easel|Epoch/),
    );
    const order = await slow.order(slow.alice, { quality: 'high', private: true });
    await order.acknowledged;
    expect(isMessageRefusal(order, /queue is about \d+ minutes long/), order.describe()).toBe(true);
  });

  it('a job that did take longer is over in time to tell its person', async () => {
    const order = await running(await stage.order(stage.alice, { ...long, private: true }));
    await stage.bot.kill();
    const database = Database.open(join(stage.dataFolder, 'whitewalker.db'));
    database.run(
      "UPDATE jobs SET reply_json = json_set(reply_json, '$.deadlineAt', ?) WHERE state = 'running'",
      Date.now(),
    );
    database.close();
    await stage.restart();
    await order.until(({ message }) => message?.text.includes('took longer than expected'));
  });
});

describe('a picture that cannot be fetched', () => {
  const slowBody = { slowBody: { chunkBytes: 10, everyMs: 50 } } as const;
  it.each([
    ['is gone', () => stage.discord.faults.cdn({ status: 404 }), 'no longer has the picture.', ['Delete']],
    ['never ends', () => stage.discord.faults.cdn('endless-body'), 'too large: up to 25 MB work.', ['Delete']],
    ['claims to be huge', () => stage.discord.faults.cdn({ contentLength: 10 ** 10 }), 'too large', ['Delete']],
    [
      'comes with errors only',
      () => stage.discord.faults.cdn({ status: 500 }, { times: 9 }),
      'could not give me the picture just now.',
      ['Try again', 'Delete'],
    ],
  ])('because it %s is told', async (_what, misbehave, text, buttons) => {
    misbehave();
    const order = await stage.order(stage.alice);
    await order.until(({ message }) => message?.text.includes(text));
    expect(order.message?.buttons.map(({ label }) => label)).toEqual(buttons);
    stage.discord.faults.clear();
    if (order.message !== undefined && buttons.includes('Try again')) {
      await painted(await stage.bob.click(order.message, 'Try again'));
    }
  });

  it('because it drips is no reason that others wait, and can be cancelled', async () => {
    stage.discord.faults.next({ path: /slow\.jpg/, do: slowBody });
    const slow = await stage.order(stage.alice, { content: { ...photo, name: 'slow.jpg' } });
    await slow.acknowledged;
    // The other one begins while the first is being fetched; painting it may take longer than a download may.
    const other = await running(await stage.order(stage.bob));
    if (!slow.message) throw new Error('There is no reply');
    await stage.alice.click(slow.message, 'Cancel');
    await slow.until(({ message }) => message?.text === 'Cancelled.');
    await painted(other);
  });

  it('because Discord sends the bot somewhere else is told, and nothing is fetched there', async () => {
    let asked = 0;
    const elsewhere = createServer((_request, response) => {
      asked++;
      response.end('secret');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    stage.discord.faults.cdnRedirect(`http://127.0.0.1:${port}/me.png`);
    const order = await stage.order(stage.alice);
    await order.until(({ message }) => message?.text.includes('only take pictures that are uploaded'));
    expect(asked).toBe(0);
    elsewhere.close();
  });
});

describe('the log', () => {
  it('has no token and no signed address in it, whatever went wrong', async () => {
    stage.discord.faults.serverError({ ...edits, times: 8 });
    stage.discord.faults.cdn({ status: 404 });
    await (await stage.order(stage.alice)).until(({ message }) => message?.text.includes('no longer'));
    const order = await painted(await stage.order(stage.bob));
    for (const secret of [stage.discord.token, order.origin.token, 'hm='])
      expect(stage.bot.output).not.toContain(secret);
  });
});
