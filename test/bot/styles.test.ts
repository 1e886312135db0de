import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Person } from '../../src/local-discord/person.js';
import { isMessageRefusal } from './refusals.js';
import { painted, painting, photo, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

const styles = (who: Person, subcommand: string, values = {}) =>
  who.in(stage.channel).command('styles', values, { subcommand });

async function answered(command: Promise<Interaction>, text: string | RegExp): Promise<Interaction> {
  return (await command).until(({ message }) => message?.text.match(text));
}

describe('/styles list', () => {
  it('is a gallery with a picture of each style, in pages', async () => {
    const gallery = await styles(stage.alice, 'list');
    await gallery.acknowledged;
    const first = gallery.message;
    expect(first?.isEphemeral).toBe(true);
    expect(first?.text).toContain('White Walker');
    expect(first?.attachments.length).toBeGreaterThanOrEqual(4);
    for (const { bytes } of first?.attachments ?? [])
      expect((await sharp(bytes).metadata()).width).toBeGreaterThan(100);
    if (!first) throw new Error('There is no gallery');
    expect(first.buttons).toMatchObject([
      { label: 'Previous', isDisabled: true },
      { label: 'Next', isDisabled: false },
    ]);
    const firstPage = first.text;
    await (await stage.alice.click(first, 'Next')).until(({ message }) => message && message.text !== firstPage);
    expect(first.text).toMatch(/Page 2 of \d/);
    expect(first.text).not.toContain('**White Walker**');
    await (await stage.alice.click(first, 'Previous')).until(({ message }) => message?.text === firstPage);
  });

  it('is the same everywhere without styles of a server', async () => {
    const gallery = await stage.alice.inDirectMessages().command('styles', {}, { subcommand: 'list' });
    await gallery.acknowledged;
    expect(gallery.message?.text).toContain('White Walker');
  });
});

describe('/styles add and remove', () => {
  it('keep styles of a server, under names as people write them', async () => {
    await answered(styles(stage.mormont, 'add', { name: ' Grandmas  Quilt', image: painting }), 'grandmas-quilt');
    await answered(styles(stage.mormont, 'add', { name: 'grandmas quilt', image: painting }), 'already');
    const alice = stage.alice.in(stage.channel);
    const [choice] = await alice.autocomplete('whitewalker', 'preset', 'quilt', { content: photo });
    expect(choice).toMatchObject({ name: 'grandmas-quilt' });
    const order = await painted(await stage.order(stage.alice, { preset: String(choice?.value) }));
    expect(order.message?.text).toContain('grandmas-quilt');

    const removable = await stage.mormont
      .in(stage.channel)
      .autocomplete('styles', 'name', 'qui', {}, { subcommand: 'remove' });
    expect(removable).toEqual([{ name: 'grandmas-quilt', value: 'grandmas-quilt' }]);
    await answered(styles(stage.mormont, 'remove', { name: 'grandmas-quilt' }), 'is gone');
    await answered(styles(stage.mormont, 'remove', { name: 'grandmas-quilt' }), 'no style');
    if (!order.message) throw new Error('There is no result');
    const again = await stage.alice.click(order.message, 'More epochs');
    await again.acknowledged;
    expect(isMessageRefusal(again, 'no style "grandmas-quilt"'), again.describe()).toBe(true);
  });

  it.each([
    ['a name of a built-in style', 'white walker', painting, 'one of the styles that I came with'],
    ['a title of a built-in style in another language', 'Weißer Wanderer', painting, 'that I came with'],
    ['a name with other characters, which are named', 'Café Späti!', painting, `can't have "!" in it`],
    ['a name without a letter', '--', painting, 'at least one letter or digit'],
    ['what is no picture', 'song', { name: 'song.png', bytes: Buffer.from('la la') }, 'not a picture'],
  ])('refuse %s', async (_what, name, image, text) => {
    await answered(styles(stage.mormont, 'add', { name, image }), text);
  });

  it('are for moderators, and in servers only', async () => {
    const refusal = await styles(stage.alice, 'add', { name: 'mine', image: painting });
    await refusal.acknowledged;
    expect(isMessageRefusal(refusal, 'Only moderators'), refusal.describe()).toBe(true);
    const direct = stage.mormont.inDirectMessages();
    const elsewhere = await direct.command('styles', { name: 'mine', image: painting }, { subcommand: 'add' });
    await elsewhere.acknowledged;
    expect(isMessageRefusal(elsewhere, 'in servers only'), elsewhere.describe()).toBe(true);
  });
});
