import { ComponentType, PermissionFlagsBits } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accentColor } from '../../src/imaging/colors/accent-color.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { everyComponent } from '../../src/local-discord/message-components.js';
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
    expect(message?.text).toMatch(/^\*\*White Walker · balanced · standard\*\*\n-# 6 epochs · 96 × 96 · [\d.]+ s$/);
    expect(picture).toMatchObject({ name: 'whitewalker-result.png', width: 96, height: 96 });
    expect(picture?.description).toContain('White Walker');
    expect(animation).toMatchObject({ name: 'whitewalker-transformation.gif', width: 96, height: 96 });
    expect((await sharp(animation?.bytes).metadata()).pages).toBeGreaterThan(1);
    expect(message?.buttons.map(({ label }) => label)).toEqual(['More epochs', 'Stronger', 'Again with…', 'Delete']);
    expect(message?.mentions).toEqual([]);
  });

  it('shows all of it in one box in the colour of the preset, from the first answer on', async () => {
    const order = await stage.order(stage.alice, { preset: 'weirwood', quality: 'high', epochs: 40 });
    await order.until(({ message }) => message?.attachments.length === 1);
    await painted(order);
    const edits = order.message?.edits ?? [];
    for (const { content, components } of edits) {
      expect([content, components.length]).toEqual(['', 1]);
      expect(components[0]).toMatchObject({ type: ComponentType.Container, accent_color: 0xb33436 });
    }
    const galleries = edits.map(({ components }) => picturesShown(components));
    expect(galleries[0]).toEqual([]);
    const [preview] = galleries.find((items) => items.length > 0) ?? [];
    expect(preview).toMatchObject({ name: 'preview.jpg', description: 'The picture as it is now', spoiler: false });
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
