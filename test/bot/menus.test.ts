import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/local-discord/message.js';
import { isMessageRefusal } from './refusals.js';
import { otherPhoto, painted, painting, photo, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

const turn = (message: Message) => stage.alice.in(message.channel).messageMenu('Turn into a White Walker', message);
const post = (what: Parameters<ReturnType<typeof stage.bob.in>['post']>[0]) => stage.bob.in(stage.channel).post(what);

describe('Turn into a White Walker', () => {
  it('paints the picture that is attached to a message', async () => {
    const { message } = await painted(await turn(await post({ content: 'Look!', files: [photo] })));
    expect(message?.text).toContain('White Walker · balanced · standard');
  });

  it('paints the picture of an embed, by Discord’s copy of it', async () => {
    const { attachments, toApi } = await post({ files: [otherPhoto] });
    expect(attachments).toHaveLength(1);
    const [picture] = toApi.call(stage.channel.messages.at(-1)).attachments;
    const embeds = [{ title: 'A cat', image: { url: 'https://example.org/cat.jpg', proxy_url: picture?.url ?? '' } }];
    await painted(await turn(await post({ embeds })));
  });

  it('paints the picture of a message that was passed on', async () => {
    const original = await post({ files: [photo] });
    await painted(await turn(await post({ forwardOf: original })));
  });

  it('asks which of several pictures is meant, and knows it after a restart', async () => {
    const question = await turn(await post({ files: [photo, painting, otherPhoto] }));
    await question.acknowledged;
    expect(question.message).toMatchObject({ isEphemeral: true, embeds: [{}, {}, {}] });
    await stage.bot.kill();
    await stage.restart();
    if (!question.message) throw new Error('There is no question');
    const order = await stage.alice.select(question.message, 'picture', ['2']);
    const { message } = await painted(order);
    expect(message?.isEphemeral).toBe(false);
  });

  it.each([
    ['a text', { content: 'Winter is coming.' }],
    ['another file', { files: [{ name: 'song.mp3', bytes: Buffer.from('la la') }] }],
  ])('finds no picture in %s, and says so', async (_what, what) => {
    const refusal = await turn(await post(what));
    await refusal.acknowledged;
    expect(isMessageRefusal(refusal, 'no picture in that message'), refusal.describe()).toBe(true);
  });
});

describe('White-walk this avatar', () => {
  it('paints a person’s avatar', async () => {
    const cat = stage.discord.createUser({ name: 'Ser Pounce', avatar: otherPhoto.bytes });
    stage.guild.join(cat);
    await painted(await stage.alice.in(stage.channel).userMenu('White-walk this avatar', cat));
  });

  it('says so where the picture is gone', async () => {
    const cat = stage.discord.createUser({ name: 'Balerion', avatar: otherPhoto.bytes });
    stage.guild.join(cat);
    stage.discord.faults.next({ path: /^\/avatars\//, do: { status: 404 } });
    const order = await stage.alice.in(stage.channel).userMenu('White-walk this avatar', cat);
    await order.until(({ message }) => message?.text.includes('no longer has the picture'));
  });
});
