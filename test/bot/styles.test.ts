import { ChannelType } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/local-discord/channel.js';
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

describe('a style that was added in an age-restricted channel', () => {
  it('is to be seen and to be used in such channels and their threads only', async () => {
    const cave = stage.guild.createChannel({ name: 'cave', isAgeRestricted: true });
    const thread = stage.guild.createChannel({ name: 'deeper', type: ChannelType.PublicThread, parent: cave });
    const add = { name: 'pelt', image: painting };
    const added = stage.mormont.in(thread).command('styles', add, { subcommand: 'add' });
    await answered(added, 'in age-restricted channels only');
    const suggested = async (channel: Channel) =>
      (await stage.alice.in(channel).autocomplete('whitewalker', 'preset', 'pelt', { content: photo })).length;
    const listed = async (channel: Channel) => {
      const gallery = await stage.alice.in(channel).command('styles', {}, { subcommand: 'list' });
      let text = (await gallery.until(({ message }) => message)).message?.text ?? '';
      for (
        let page = 2;
        gallery.message?.buttons.some(({ label, isDisabled }) => label === 'Next' && !isDisabled);
        page++
      ) {
        await (await stage.alice.click(gallery.message, 'Next')).until(({ message }) =>
          message?.text.includes(`Page ${page}`),
        );
        text += gallery.message.text;
      }
      return text.includes('**pelt**');
    };
    expect([await suggested(cave), await suggested(thread), await suggested(stage.channel)]).toEqual([1, 1, 0]);
    expect([await listed(cave), await listed(stage.channel)]).toEqual([true, false]);
    const order = (channel: Channel) =>
      stage.alice.in(channel).command('whitewalker', { content: photo, preset: 'pelt', quality: 'draft', epochs: 1 });
    await painted(await order(cave));
    const refused = await order(stage.channel);
    await refused.until((interaction) => isMessageRefusal(interaction, 'There is no style "pelt"'));
    await answered(
      stage.mormont.in(stage.channel).command('styles', { name: 'pelt' }, { subcommand: 'remove' }),
      'gone',
    );
  });
});
