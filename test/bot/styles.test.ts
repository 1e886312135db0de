import { ChannelType } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/local-discord/channel.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Person } from '../../src/local-discord/person.js';
import { walkingOverNothing } from '../works/walking-square.js';
import { isMessageRefusal } from './refusals.js';
import { otherPhoto, painted, painting, photo, running, Stage } from './stage.js';

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
    // Of the styles on the first page, the White Walker keeps small faces, and Dragonglass doesn't.
    const saidOf = (title: string) => first?.text.split('**').at((first?.text.split('**').indexOf(title) ?? 0) + 1);
    expect(saidOf('White Walker')).not.toContain('Small faces');
    expect(saidOf('Dragonglass')).toContain('Small faces lose eyes and mouth: it is for faces that fill the picture.');
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

describe.each([
  ['a style of a server', 'pelt', 'server/pelt', 'add', 'remove'],
  ["a person's own style", 'hide', 'own/hide', 'save', 'forget'],
] as const)('%s that was added in an age-restricted channel', (_what, name, value, adding, removing) => {
  it('is to be seen and to be used in such channels and their threads only', async () => {
    const cave = stage.guild.createChannel({ name: 'cave', isAgeRestricted: true });
    const thread = stage.guild.createChannel({ name: 'deeper', type: ChannelType.PublicThread, parent: cave });
    const { mormont } = stage;
    // No other style here has this picture: one that others used here could be taken by its digest.
    const added = mormont.in(thread).command('styles', { name, image: otherPhoto }, { subcommand: adding });
    await answered(added, 'in age-restricted channels only');
    const suggested = async (channel: Channel) =>
      (await mormont.in(channel).autocomplete('whitewalker', 'preset', name, { content: photo })).map(
        (suggestion) => suggestion.value,
      );
    const listed = async (channel: Channel) => {
      const gallery = await mormont.in(channel).command('styles', {}, { subcommand: 'list' });
      let text = (await gallery.until(({ message }) => message)).message?.text ?? '';
      for (
        let page = 2;
        gallery.message?.buttons.some(({ label, isDisabled }) => label === 'Next' && !isDisabled);
        page++
      ) {
        await (await mormont.click(gallery.message, 'Next')).until(({ message }) =>
          message?.text.includes(`Page ${page}`),
        );
        text += gallery.message.text;
      }
      return text.includes(`**${name}**`);
    };
    expect([await suggested(cave), await suggested(thread), await suggested(stage.channel)]).toEqual([
      [value],
      [value],
      [],
    ]);
    expect([await listed(cave), await listed(stage.channel)]).toEqual([true, false]);
    const expectRefusal = async (asked: Promise<Interaction>, text: string) => {
      const refusal = await asked;
      await refusal.acknowledged;
      expect(isMessageRefusal(refusal, text), refusal.describe()).toBe(true);
    };
    const order = (channel: Channel) =>
      mormont.in(channel).command('whitewalker', { content: photo, preset: value, quality: 'draft', epochs: 1 });
    await painted(await order(cave));
    await expectRefusal(order(stage.channel), `There is no style "${value}"`);

    const recipe = 'size=64 epochs=1';
    const first = await painted(await mormont.in(cave).command('lab', { content: photo, preset: value, recipe }));
    const [digest = 'none'] = /styles=sha256:[0-9a-f]{16}/.exec(first.message?.text ?? '') ?? [];
    const byDigest = (channel: Channel) =>
      mormont.in(channel).command('lab', { content: photo, recipe: `${recipe} ${digest}` });
    expect((await painted(await byDigest(thread))).message?.text).toContain(`**Lab: ${name}**`);
    await expectRefusal(byDigest(stage.channel), '**style**');

    await answered(mormont.in(stage.channel).command('styles', { name }, { subcommand: removing }), 'gone');
  });
});

describe('/styles save and forget', () => {
  it('keep styles for one person, who chooses them everywhere', async () => {
    const { alice, bob, channel } = stage;
    await answered(styles(alice, 'save', { name: 'Old Scarf', image: painting }), 'a style of your own now');
    await answered(styles(alice, 'save', { name: 'old scarf', image: painting }), 'already');
    await answered(styles(alice, 'save', { name: 'wildfire', image: painting }), 'that I came with');
    const ghost = { name: 'ghost.webp', bytes: await walkingOverNothing(2) };
    const told =
      /style of your own now.*\nThe style moves.*\nThe style is transparent in places: they count as white\.$/;
    await answered(styles(alice, 'save', { name: 'ghost', image: ghost }), told);
    await answered(styles(alice, 'forget', { name: 'ghost' }), 'gone');
    const seen = { name: 'old-scarf · your own', value: 'own/old-scarf' };
    expect(await alice.in(channel).autocomplete('whitewalker', 'preset', 'scarf', { content: photo })).toEqual([seen]);
    expect(await bob.in(channel).autocomplete('whitewalker', 'preset', 'scarf', { content: photo })).toEqual([]);
    const direct = alice.inDirectMessages();
    expect(await direct.autocomplete('texture', 'preset', 'scarf')).toEqual([seen]);
    const refusal = await stage.order(bob, { preset: 'own/old-scarf' });
    await refusal.acknowledged;
    expect(isMessageRefusal(refusal, 'no style'), refusal.describe()).toBe(true);

    const gallery = await styles(alice, 'list');
    await gallery.acknowledged;
    if (!gallery.message) throw new Error('There is no gallery');
    for (const page of [2, 3]) {
      await (await alice.click(gallery.message, 'Next')).until(({ message }) => message?.text.includes(`Page ${page}`));
    }
    expect(gallery.message.text).toMatch(/\*\*old-scarf\*\*\nyour own\n.*preset:own\/old-scarf/);
  });

  it('make pictures that others go on from, also when the style is gone, without choosing it', async () => {
    const { alice, bob, channel } = stage;
    const order = await painted(await stage.order(alice, { preset: 'old-scarf' }));
    expect(order.message?.text).toContain('old-scarf · balanced');
    if (!order.message) throw new Error('There is no result');
    // Bob has a style of that name, too, which is another.
    await answered(styles(bob, 'save', { name: 'old-scarf', image: photo }), 'your own');
    const form = await bob.click(order.message, 'Again with…');
    await form.acknowledged;
    expect(JSON.stringify(form.modal)).not.toContain('"value":"own/old-scarf","description":"your own","default":true');
    const ofBob = await painted(await bob.submit(form, { style: 'own/old-scarf', epochs: '1' }));
    expect(ofBob.message?.attachments[0]?.bytes).not.toEqual(order.message.attachments[0]?.bytes);

    expect(await alice.in(channel).autocomplete('styles', 'name', '', {}, { subcommand: 'forget' })).toEqual([
      { name: 'old-scarf', value: 'old-scarf' },
    ]);
    await answered(styles(alice, 'forget', { name: 'old-scarf' }), 'is gone');
    await answered(styles(alice, 'forget', { name: 'old-scarf' }), 'no style');
    const more = await painted(await bob.click(order.message, 'More epochs'));
    expect(more.message?.text).toContain('old-scarf · balanced');
  });

  it('are there for their person alone when a picture that was never made is tried again', async () => {
    const { alice, bob } = stage;
    await answered(styles(alice, 'save', { name: 'mittens', image: painting }), 'your own');
    const order = await running(await stage.order(alice, { preset: 'own/mittens', quality: 'high', epochs: 300 }));
    if (!order.message) throw new Error('There is no reply');
    await alice.click(order.message, 'Cancel');
    await order.until(({ message }) => message?.text === 'Cancelled.');
    const ofBob = await bob.click(order.message, 'Try again');
    await ofBob.acknowledged;
    expect(isMessageRefusal(ofBob, 'no style "mittens"'), ofBob.describe()).toBe(true);
    const again = await running(await alice.click(order.message, 'Try again'));
    if (!again.message) throw new Error('There is no reply');
    await alice.click(again.message, 'Cancel');
    await again.until(({ message }) => message?.text === 'Cancelled.');
  });

  it('keep ten, and no more', async () => {
    const carl = stage.newcomer('Carl');
    for (let number = 0; number < 10; number++) {
      await answered(styles(carl, 'save', { name: `style ${number}`, image: painting }), `style-${number}`);
    }
    await answered(styles(carl, 'save', { name: 'one more', image: painting }), 'You may keep 10 styles');
  });
});

describe('/defaults', () => {
  it('hold where their person chooses nothing, and nowhere else', async () => {
    const { bob, channel } = stage;
    const defaults = (values = {}) => bob.in(channel).command('defaults', values);
    await answered(defaults(), /\*\*as the server has it\*\*, \*\*the colours of the style\*\*/);
    await answered(defaults({ quality: 'draft', 'keep-colors': true }), /draft\*\*, \*\*the colours of your picture/);
    await answered(defaults(), /draft\*\*, \*\*the colours of your picture/);
    const order = await painted(await bob.in(channel).command('whitewalker', { content: photo }));
    expect(order.message?.text).toContain('White Walker · balanced · draft · own colours');
    const chosen = await bob.in(channel).command('whitewalker', { content: photo, 'keep-colors': false, epochs: 1 });
    expect((await painted(chosen)).message?.text).toContain('White Walker · balanced · draft**');
    const texture = await bob.in(channel).command('texture', {});
    expect((await painted(texture)).message?.text).toContain('Texture of White Walker · draft');
    await answered(defaults({ quality: 'server', 'keep-colors': false }), 'as the server has it');
  });
});
