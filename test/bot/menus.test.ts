import { type APIMessageTopLevelComponent, ComponentType, MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/local-discord/message.js';
import { everyComponent } from '../../src/local-discord/message-components.js';
import { componentsToShow } from '../../src/local-discord/message-showing.js';
import { walkingPng, walkingSquare } from '../works/walking-square.js';
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

/** Whether all pictures that a message shows are hidden until somebody clicks them. */
function isHidden(message: Message | undefined): boolean {
  const items = everyComponent(message?.components ?? []).flatMap((component) => component.items ?? []);
  return items.length > 0 && items.every(({ spoiler }) => spoiler);
}

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

  it('paints a sticker that moves frame by frame', async () => {
    const sticker = { name: 'Wave', bytes: walkingPng(3) };
    const { message } = await painted(await turn(await post({ sticker })));
    expect(message?.text).toContain('3 frames');
  });

  it('asks which of several pictures is meant, and knows it after a restart', async () => {
    const question = await turn(await post({ files: [photo, { ...painting, spoiler: true }, otherPhoto] }));
    await question.acknowledged;
    expect(question.message?.isEphemeral).toBe(true);
    expect(everyComponent(question.message?.components ?? []).flatMap(({ items }) => items ?? [])).toMatchObject([
      { spoiler: false },
      { spoiler: true },
      { spoiler: false },
    ]);
    await stage.bot.kill();
    await stage.restart();
    if (!question.message) throw new Error('There is no question');
    const order = await stage.alice.select(question.message, 'picture', ['2']);
    const { message } = await painted(order);
    expect(message?.isEphemeral).toBe(false);
    expect(isHidden(message)).toBe(false);
    const hidden = await painted(await stage.alice.select(question.message, 'picture', ['1']));
    expect(isHidden(hidden.message)).toBe(true);
  });

  it('knows the pictures of a question that an older version asked', async () => {
    const { attachments } = await post({ files: [photo, otherPhoto] });
    const question = await turn(await post({ files: [photo, otherPhoto] }));
    await question.acknowledged;
    const { message } = question;
    if (!message) throw new Error('There is no question');
    message.flags &= ~MessageFlags.IsComponentsV2;
    message.components = message.components.filter(({ type }) => type === ComponentType.ActionRow);
    message.embeds = attachments.map((file) => ({ image: { url: stage.discord.world.files.url(file) } }));
    await painted(await stage.alice.select(message, 'picture', ['1']));
  });

  const file = { url: `attachment://${otherPhoto.name}` };
  it.each<[string, APIMessageTopLevelComponent, boolean]>([
    ['a gallery', { type: ComponentType.MediaGallery, items: [{ media: file }] }, false],
    ['a spoiler of a gallery', { type: ComponentType.MediaGallery, items: [{ media: file, spoiler: true }] }, true],
    [
      'a section',
      {
        type: ComponentType.Section,
        components: [{ type: ComponentType.TextDisplay, content: 'A cat' }],
        accessory: { type: ComponentType.Thumbnail, media: file },
      },
      false,
    ],
    ['a file', { type: ComponentType.File, file }, false],
    [
      'a container that is hidden',
      {
        type: ComponentType.Container,
        spoiler: true,
        components: [{ type: ComponentType.MediaGallery, items: [{ media: file }] }],
      },
      true,
    ],
  ])('paints the picture in %s', async (_where, component, isUnderSpoiler) => {
    const message = await post({ files: [otherPhoto] });
    message.flags |= MessageFlags.IsComponentsV2;
    message.components = componentsToShow([component], message.attachments, stage.discord.world);
    message.attachments = [];
    const { message: direct } = await painted(await turn(message));
    const { message: forwarded } = await painted(await turn(await post({ forwardOf: message })));
    expect([isHidden(direct), isHidden(forwarded)]).toEqual([isUnderSpoiler, isUnderSpoiler]);
  });

  it('hides what it makes of a hidden picture: attached, forwarded, linked, or made by itself', async () => {
    const hidden = { ...photo, spoiler: true };
    const original = await painted(await turn(await post({ files: [hidden] })));
    expect(isHidden(original.message)).toBe(true);
    const named = await post({ files: [{ ...photo, name: 'SPOILER_me.jpg' }] });
    expect(isHidden((await painted(await turn(await post({ forwardOf: named })))).message)).toBe(true);
    const [picture] = named.toApi().attachments;
    const embeds = [
      { url: 'https://example.org/cat', image: { url: 'https://example.org/c.jpg', proxy_url: picture?.url ?? '' } },
    ];
    const linked = await post({ content: 'What? || https://example.org/cat ||', embeds });
    expect(isHidden((await painted(await turn(linked))).message)).toBe(true);
    const ordered = await painted(await stage.order(stage.alice, { content: { ...photo, name: 'SPOILER_me.jpg' } }));
    expect(isHidden(ordered.message)).toBe(true);
    const shown = await stage.order(stage.alice, { content: { ...photo, name: 'SPOILER_me.jpg' }, spoiler: false });
    expect(isHidden((await painted(shown)).message)).toBe(false);
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

  it('paints one that moves frame by frame, as a result that moves', async () => {
    const cat = stage.discord.createUser({ name: 'Meraxes', avatar: walkingSquare(3) });
    stage.guild.join(cat);
    const { message } = await painted(await stage.alice.in(stage.channel).userMenu('White-walk this avatar', cat));
    expect(message?.text).toContain('3 frames');
    const again = await painted(await turn(message ?? expect.fail('no message')));
    expect(again.message?.text).toContain('3 frames');
  });

  it('says so where the picture is gone', async () => {
    const cat = stage.discord.createUser({ name: 'Balerion', avatar: otherPhoto.bytes });
    stage.guild.join(cat);
    stage.discord.faults.next({ path: /^\/avatars\//, do: { status: 404 } });
    const order = await stage.alice.in(stage.channel).userMenu('White-walk this avatar', cat);
    await order.until(({ message }) => message?.text.includes('no longer has the picture'));
  });
});
