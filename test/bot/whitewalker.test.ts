import { ComponentType, PermissionFlagsBits } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accentColor } from '../../src/imaging/colors/accent-color.js';
import { decodePicture } from '../../src/imaging/decode.js';
import type { Upload } from '../../src/local-discord/file-store.js';
import type { Message } from '../../src/local-discord/message.js';
import { everyComponent } from '../../src/local-discord/message-components.js';
import type { PersonInPlace } from '../../src/local-discord/person-in-place.js';
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

/** Returns the pictures that a message's galleries show, with the names of their files. */
function picturesShown(components: readonly unknown[]) {
  const items = everyComponent(components).flatMap((component) => component.items ?? []);
  return items.map(({ media, ...item }) => ({ ...item, name: new URL(media.url).pathname.split('/').at(-1) }));
}

describe('/whitewalker', () => {
  it('turns a picture into a White Walker, and shows how', async () => {
    const order = await stage.alice.in(stage.channel).command('whitewalker', { content: photo });
    await order.acknowledged;
    expect(order.message?.text).toMatch(/Fetching your picture|easel/);
    expect(order.message?.buttons.map(({ label }) => label)).toEqual(['Cancel']);
    const { message } = await painted(order);
    const [picture, animation] = message?.attachments ?? [];
    expect(message?.text).toMatch(/^\*\*White Walker · balanced · standard\*\*\n-# 6 epochs · 80 × 80 · [\d.]+ s$/);
    expect(picture).toMatchObject({ name: 'whitewalker-result.png', width: 80, height: 80 });
    expect(picture?.description).toContain('White Walker');
    expect(animation).toMatchObject({ name: 'whitewalker-transformation.gif', width: 80, height: 80 });
    expect((await sharp(animation?.bytes).metadata()).pages).toBeGreaterThan(1);
    expect(message?.buttons.map(({ label }) => label)).toEqual([
      ...['More epochs', 'Stronger', 'Larger', 'Again with…', 'Delete'],
    ]);
    expect(message?.mentions).toEqual([]);
  });

  it('shows all of it in one box in the colour of the preset, from the first answer on', async () => {
    const order = await painted(await stage.order(stage.alice, { preset: 'weirwood' }));
    const edits = order.message?.edits ?? [];
    for (const { content, components } of edits) {
      expect([content, components.length]).toEqual(['', 1]);
      expect(components[0]).toMatchObject({ type: ComponentType.Container, accent_color: 0xb33436 });
    }
    const galleries = edits.map(({ components }) => picturesShown(components));
    expect(galleries[0]).toEqual([]);
    expect(galleries.at(-1)).toMatchObject([
      { name: 'whitewalker-result.png', description: expect.stringContaining('Weirwood'), spoiler: false },
      { name: 'whitewalker-transformation.gif', description: expect.stringContaining('animation'), spoiler: false },
    ]);
  });

  it('takes a style of the person’s own, more epochs, and all other wishes', async () => {
    const order = await stage.order(stage.bob, {
      style: painting,
      epochs: 5,
      strength: 'strong',
      'keep-colors': true,
      spoiler: true,
    });
    const { message } = await painted(order);
    expect(message?.text).toMatch(/your own style · strong · draft · own colours\*\*\n-# 5 epochs · 64 × 64/);
    expect(message?.attachments.every(({ name, spoiler }) => name.startsWith('SPOILER_') && spoiler)).toBe(true);
    expect(picturesShown(message?.components ?? []).map(({ spoiler }) => spoiler)).toEqual([true, true]);
    // The colour of a style that nobody knew before is found in its picture, as small as it is decoded.
    const [box] = message?.components ?? [];
    const accent = box?.type === ComponentType.Container ? (box.accent_color ?? 0) : 0;
    const expected = accentColor((await decodePicture(painting.bytes)).image);
    for (const shift of [0, 8, 16])
      expect(Math.abs(((accent >> shift) & 255) - ((expected >> shift) & 255))).toBeLessThan(8);
    expect(message?.isEphemeral).toBe(false);
  });

  it('shows a private result to nobody else', async () => {
    const order = await stage.order(stage.alice, { private: true });
    const { message } = await painted(order);
    expect(message?.isEphemeral).toBe(true);
    expect(stage.channel.messages).not.toContain(message);
  });

  it('suggests presets by what was typed, and paints in the one that was chosen', async () => {
    const alice = stage.alice.in(stage.channel);
    const all = await alice.autocomplete('whitewalker', 'preset', '', { content: photo });
    expect(all.length).toBeGreaterThanOrEqual(8);
    expect(all[0]).toMatchObject({ name: 'White Walker', value: 'white-walker' });
    const [dragonglass, ...others] = await alice.autocomplete('whitewalker', 'preset', 'dragongl', { content: photo });
    expect(others).toEqual([]);
    const { message } = await painted(await stage.order(stage.alice, { preset: String(dragonglass?.value) }));
    expect(message?.text).toContain('Dragonglass');
  });

  it('speaks German to whoever does', async () => {
    const hans = stage.newcomer('Hans', 'de');
    const { message } = await painted(await stage.order(hans));
    expect(message?.text).toMatch(
      /^\*\*Weißer Wanderer · ausgewogen · Entwurf\*\*\n-# 3 Epochen · 64 × 64 · \d+,\d s$/,
    );
    expect(message?.buttons.map(({ label }) => label)).toContain('Noch einmal mit …');
  });

  it('works in direct messages, and as an app of a person’s own where the bot is no member', async () => {
    const direct = await stage.alice.inDirectMessages().command('whitewalker', { content: photo, quality: 'draft' });
    await painted(direct);
    const elsewhere = stage.discord.createGuild({ name: 'Braavos', hasBot: false });
    elsewhere.join(stage.alice);
    const canal = elsewhere.createChannel({ name: 'canal' });
    const values = { content: otherPhoto, quality: 'draft' };
    await painted(await stage.alice.in(canal, { userInstalled: true }).command('whitewalker', values));
  });
});

describe('/whitewalker without an upload', () => {
  const linkTo = ({ id, channel }: Message) =>
    `https://discord.com/channels/${channel.guild?.id ?? '@me'}/${channel.id}/${id}`;
  const ask = async (who: PersonInPlace, values: Readonly<Record<string, string | boolean | Upload>> = {}) => {
    const order = await who.command('whitewalker', { quality: 'draft', epochs: 1, ...values });
    await order.acknowledged;
    return order;
  };
  const closed = () => stage.bot.log.filter(({ msg }) => msg === 'job closed').length;
  /** Returns the message with a result once the bot knows that it is told. */
  const made = async (who: PersonInPlace, values = {}): Promise<Message> => {
    const before = closed();
    const { message } = await painted(await ask(who, values));
    if (!message) throw new Error('There is no reply');
    await stage.bot.until(() => closed() > before || undefined, 'the job is closed');
    return message;
  };

  it('goes on from the last result of this person in this channel, and links the message', async () => {
    const carl = stage.newcomer('Carl');
    const studio = stage.guild.createChannel({ name: 'studio' });
    const here = carl.in(studio);
    const nothing = await ask(here);
    expect(isMessageRefusal(nothing, 'nothing for you in this channel lately'), nothing.describe()).toBe(true);
    await made(here, { content: otherPhoto });
    const last = await made(here, { content: photo, style: painting, spoiler: true });
    await made(stage.bob.in(studio), { content: otherPhoto });
    await made(here, { content: otherPhoto, private: true });
    const again = await made(here);
    expect(again.text).toContain(`s · from [this message](${linkTo(last)})`);
    expect(again.attachments.every(({ spoiler }) => spoiler)).toBe(true);
    // It is the result that was taken, not the picture before it.
    const expected = await made(here, {
      content: { name: 'same.png', bytes: last.attachments[0]?.bytes ?? photo.bytes },
    });
    expect(again.attachments[0]?.bytes).toEqual(expected.attachments[0]?.bytes);

    await (await stage.mormont.click(expected, 'Delete')).until(() => expected.isDeleted);
    const gone = await ask(here);
    expect(isMessageRefusal(gone, "can't get at that message"), gone.describe()).toBe(true);
  });

  it('leaves in an age-restricted channel what was painted there', async () => {
    const dora = stage.newcomer('Dora');
    const adults = stage.guild.createChannel({ name: 'adults', isAgeRestricted: true });
    const there = await made(dora.in(adults), { content: photo });
    const elsewhere = await ask(dora.in(stage.channel));
    expect(isMessageRefusal(elsewhere, 'nothing for you in this channel'), elsewhere.describe()).toBe(true);
    const linked = await ask(dora.in(stage.channel), { link: linkTo(there) });
    expect(isMessageRefusal(linked, 'in another channel'), linked.describe()).toBe(true);
    expect((await made(dora.in(adults))).text).toContain('from [this message]');
  });

  it('takes a picture by its link, and that of a message of its own', async () => {
    const { alice, bob, channel } = stage;
    const first = await made(alice.in(channel), { content: photo });
    const [picture] = first.attachments;
    if (!picture) throw new Error('There is no picture');
    const byLink = await made(bob.in(channel), { link: ` <${channel.files.toApi(picture).url}> ` });
    const byMessage = await made(bob.in(channel), { link: linkTo(first).replace('discord', 'ptb.discord') });
    expect(byMessage.attachments[0]?.bytes).toEqual(byLink.attachments[0]?.bytes);
    expect(byMessage.text).toContain(`from [this message](${linkTo(first)})`);
    expect(byLink.text).not.toContain('from [');
    const { message: more } = await painted(await alice.click(byMessage, 'More epochs'));
    expect(more?.text).toContain(`from [this message](${linkTo(first)})`);
  });

  it.each([
    ['to another place', { link: 'https://example.org/cat.png' }, /can't take pictures from there.*127\.0\.0\.1/],
    ['that is none', { link: 'my cat' }, "can't take pictures from there"],
    ['beside an upload', { link: 'https://example.org/cat.png', content: photo }, 'not both'],
    ['to a message that is gone', { link: 'https://discord.com/channels/1/CHANNEL/99' }, "can't get at that message"],
  ])('refuses a link %s', async (_what, { link, ...values }, text) => {
    const { alice, channel } = stage;
    const order = await ask(alice.in(channel), { link: link.replace('CHANNEL', channel.id), ...values });
    expect(isMessageRefusal(order, text), order.describe()).toBe(true);
  });

  it('says that it can’t see what others write', async () => {
    const { alice, channel } = stage;
    const message = await alice.in(channel).post({ content: 'My cat' });
    const order = await ask(alice.in(channel), { link: linkTo(message) });
    expect(isMessageRefusal(order, 'Turn into a White Walker'), order.describe()).toBe(true);
  });
});

describe('/whitewalker refuses at once, for the person’s eyes only,', () => {
  it.each([
    ['a style and a preset', { style: painting, preset: 'wildfire' }, 'not both'],
    ['a preset that is none', { preset: 'summer' }, 'no style "summer"'],
    ['more epochs than the server allows', { epochs: 301 }, 'from 1 to 300'],
  ])('%s', async (_what, values, text) => {
    const order = await stage.order(stage.bob, values);
    await order.acknowledged;
    expect(isMessageRefusal(order, text), order.describe()).toBe(true);
  });

  it('where it may not attach files', async () => {
    const hall = stage.guild.createChannel({ name: 'hall', botPermissions: PermissionFlagsBits.ViewChannel });
    const order = await stage.bob.in(hall).command('whitewalker', { content: photo });
    await order.acknowledged;
    expect(isMessageRefusal(order, 'Attach Files'), order.describe()).toBe(true);
  });
});

describe('/whitewalker tells what is wrong with a picture', () => {
  const file = (name: string, text: string | Uint8Array) => ({ name, bytes: Buffer.from(text) });
  it.each([
    ['a text by the name of a picture', { content: file('me.png', 'Winter is coming.') }, /The picture.*not a picture/],
    ['an empty style', { style: file('style.png', '') }, /The style picture.*empty/],
    [
      'a cut-off picture',
      { content: file('me.jpg', photo.bytes.subarray(0, 20_000)) },
      /The picture.*end of the file is missing/,
    ],
    ['an SVG', { content: file('me.png', '<svg xmlns="http://www.w3.org/2000/svg"/>') }, /The picture.*SVG/],
  ])('%s', async (_what, values, text) => {
    const order = await stage.order(stage.bob, values);
    await order.until(({ message }) => message?.text.match(text));
    expect(order.message?.buttons.map(({ label }) => label)).toEqual(['Delete']);
  });
});
