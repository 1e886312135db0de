import { ChannelType, PermissionFlagsBits } from 'discord.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/local-discord/channel.js';
import type { OptionValues } from '../../src/local-discord/command-options.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import { withDamagedFrame } from '../imaging/animation/drawn-animations.js';
import { walkingSquare } from '../works/walking-square.js';
import { isMessageRefusal } from './refusals.js';
import { painted, photo, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ JOB_SECONDS: '120' });
});
beforeEach(() => stage.enterNewServer());
afterEach(() => stage.discord.assertCorrect());
afterAll(() => stage.strike());

const set = (subcommand: string, values?: OptionValues) => stage.settings(subcommand, values);

async function expectRefusal(order: Promise<Interaction>, text: string | RegExp): Promise<void> {
  const refusal = await order;
  await refusal.acknowledged;
  expect(isMessageRefusal(refusal, text), refusal.describe()).toBe(true);
}

describe('/settings', () => {
  it('refuses what would take far longer than whoever hosts the bot allows', async () => {
    await set('size', { max: 2048 });
    await set('epochs', { max: 1000 });
    const values = { content: photo, preset: 'white-walker', recipe: 'size=2048 epochs=1000' };
    await expectRefusal(
      stage.alice.in(stage.channel).command('lab', values),
      /would take about \d+ (minutes|hours), and whoever hosts me gives a picture 2 minutes at most\. Take fewer epochs/,
    );
  });

  it('shows them, changes them for the next picture, and goes back to the defaults, also after a restart', async () => {
    const shown = await set('show');
    expect(shown).toContain('**Epochs:** up to 300, 6 where nobody chooses');
    expect(shown).toContain('**Time for a picture:** up to 2 minutes, as whoever hosts me has set it');
    expect(await set('epochs', { max: 8, default: 7 })).toContain('**Epochs:** up to 8, 7 where nobody chooses');
    expect(await set('size', { max: 64 })).toContain('up to 64 pixels');
    expect(await set('quality', { default: 'high' })).toContain('high');
    await stage.bot.kill();
    // What is ordered from here on is painted, however long a busy machine believes that it takes.
    await stage.restart({ JOB_SECONDS: '604800' });
    const { message } = await painted(await stage.alice.in(stage.channel).command('whitewalker', { content: photo }));
    expect(message?.text).toMatch(/high\*\*\n-# 7 epochs · 64 × 64/);
    await expectRefusal(stage.order(stage.alice, { epochs: 9 }), 'from 1 to 8');
    const help = await stage.alice.in(stage.channel).command('help');
    await help.acknowledged;
    expect(help.message?.text).toMatch(/up to 8 epochs \(7 where/);
    expect(help.message?.text).toContain('**draft**: 64 pixels, 3 epochs, VGG19-lite');
    expect(await set('reset')).toContain('up to 300');
  });

  it('have pictures that move painted frame by frame, up to so many, or as stills', async () => {
    const content = { name: 'walk.gif', bytes: walkingSquare(8) };
    const order = (values = {}) => stage.order(stage.alice, { content, ...values }).then(painted);
    const files = (done: Interaction) => done.message?.attachments.map(({ name }) => name);
    expect(await set('show')).toContain('**Pictures that move:** up to 48 frames');
    expect(await set('animation frames', { max: 3 })).toContain('up to 3 frames');
    const moving = await order();
    expect(moving.message?.text).toContain('3 of 8 frames · ');
    expect(moving.message?.text).not.toContain('too large');
    expect(files(moving)).toEqual(['whitewalker-result.webp']);
    const damaged = withDamagedFrame(walkingSquare(4), 'gif', 1);
    const lacking = await order({ content: { name: 'cut.gif', bytes: damaged.subarray(0, -20) } });
    expect(lacking.message?.text).toContain('of its frames, only the first 3 came whole');
    expect(lacking.message?.text).toContain('1 frame of the file is damaged and shows what was before');
    expect(await set('animation off')).toContain('off: their first frame is painted');
    const still = await order({ style: { name: 'style.gif', bytes: walkingSquare(2) } });
    expect(still.message?.text).not.toContain('frames');
    expect(still.message?.text).toContain('The style moves: its first frame counts.');
    expect(files(still)).toEqual(['whitewalker-result.png', 'whitewalker-transformation.gif']);
  });

  it('refuses what is out of range, with the range', async () => {
    expect(await set('epochs', { max: 5 })).toContain('up to 5');
    expect(await set('epochs', { default: 6 })).toContain("can't be above the maximum of 5");
    expect(await set('show')).toContain('up to 5, 5');
  });

  it('keeps out of age-restricted channels and of threads in them, where moderators say so', async () => {
    const cave = stage.guild.createChannel({ name: 'cave', isAgeRestricted: true });
    const thread = stage.guild.createChannel({ name: 'deeper', type: ChannelType.PublicThread, parent: cave });
    const orderIn = (channel: Channel) => {
      return stage.alice.in(channel).command('whitewalker', { content: photo, quality: 'draft', epochs: 1 });
    };
    await painted(await orderIn(thread));
    expect(await set('channels age-restricted', { allowed: false })).toContain('all, not age-restricted ones');
    for (const channel of [cave, thread]) await expectRefusal(orderIn(channel), 'out of age-restricted channels');
    await painted(await stage.order(stage.alice, { epochs: 1 }));
    await set('channels age-restricted', { allowed: true });
    await painted(await orderIn(cave));
  });

  it('gates channels and roles', async () => {
    const other = stage.guild.createChannel({ name: 'other' });
    const crow = stage.guild.createRole({ name: 'Crow' });
    await set('channels deny', { channel: stage.channel });
    await expectRefusal(stage.order(stage.alice), 'not opened this channel for me. Try another one.');
    await set('channels allow', { channel: other });
    await expectRefusal(stage.order(stage.alice), `not opened this channel for me. Try <#${other.id}>.`);
    await painted(await stage.alice.in(other).command('whitewalker', { content: photo, quality: 'draft' }));
    const at = stage.mormont.in(stage.channel);
    expect(await at.autocomplete('settings', 'channel', 'OTH', {}, { subcommand: ['channels', 'remove'] })).toEqual([
      { name: '#other', value: other.id },
    ]);
    expect(await set('channels remove', { channel: other.id })).toMatch(/Channels:\*\* all, not <#\d+>\n/);
    await set('channels clear');
    expect(await set('channels remove', { channel: other.id })).toContain('on no list');
    await painted(await stage.order(stage.alice));
    await set('roles allow', { role: crow });
    await expectRefusal(stage.order(stage.alice), `only certain roles use me: <@&${crow.id}>.`);
    const sam = stage.discord.createUser({ name: 'Sam' });
    stage.guild.join(sam, { roles: [crow] });
    await painted(await stage.order(sam));
    expect(await set('roles remove', { role: 'crow' })).toContain('**Roles:** everybody');
    await painted(await stage.order(stage.alice));
  });

  it('blocks people, for some time or without end, and lists them', async () => {
    const log = stage.guild.createChannel({ name: 'log' });
    await set('log', { channel: log });
    const { alice, bob, mormont } = stage;
    const finished = await painted(await stage.order(alice));
    expect(await set('people block', { person: alice })).toContain(`**Blocked:** <@${alice.id}>`);
    await expectRefusal(stage.order(alice), 'blocked you from using me here.');
    if (!finished.message) throw new Error('There is no result');
    await expectRefusal(alice.click(finished.message, 'More epochs'), 'blocked you from using me here.');
    expect(await set('people block', { person: bob, for: 24 })).toMatch(/\*\*Blocked:\*\* <@\d+> until <t:\d+:f>, <@/);
    await expectRefusal(stage.order(bob), /blocked you from using me here until <t:\d+:f>/);
    await set('people block', { person: bob });
    const elsewhere = stage.discord.createGuild({ name: 'Braavos' });
    elsewhere.join(alice);
    await painted(
      await alice
        .in(elsewhere.createChannel({ name: 'bay' }))
        .command('whitewalker', { content: photo, quality: 'draft' }),
    );
    const known = await alice.in(stage.channel).command('privacy', {}, { subcommand: 'show' });
    await known.acknowledged;
    expect(known.message?.text).toContain('moderators of 1 server have blocked you');
    expect(await set('people unblock', { person: alice })).not.toContain(alice.id);
    expect(await set('people unblock', { person: alice })).toContain("isn't blocked");
    await painted(await stage.order(alice));
    await stage.discord.until(() => log.messages.length === 6);
    expect(log.messages.slice(2).map(({ text }) => text)).toEqual([
      `<@${mormont.id}> changed the settings:\n**Blocked:** <@${alice.id}>`,
      expect.stringMatching(/^<@\d+> changed the settings:\n\*\*Blocked:\*\* <@\d+> until <t:\d+:f>$/),
      expect.stringMatching(/\n\*\*Blocked:\*\* ~~<@\d+> until <t:\d+:f>~~ → <@\d+>$/),
      `<@${mormont.id}> changed the settings:\n**Blocked:** ~~<@${alice.id}>~~`,
    ]);
  });

  it('bounds what one person may have at once and a day, and what the server may have waiting', async () => {
    await set('limits', { active: 1, daily: 3, queue: 1 });
    const long = { quality: 'high', epochs: 300 } as const;
    const first = await stage.order(stage.alice, long);
    await first.until(({ message }) => message?.text.includes('Epoch '));
    await expectRefusal(stage.order(stage.alice), 'You have 1 picture waiting or running');
    const second = await stage.order(stage.bob);
    await second.until(({ message }) => message?.text.includes('next'));
    await expectRefusal(stage.order(stage.mormont), '1 picture of this server is waiting');
    if (!first.message) throw new Error('There is no reply');
    await stage.alice.click(first.message, 'Cancel');
    await painted(second);
    await painted(await stage.order(stage.alice));
    await painted(await stage.order(stage.alice));
    // The first picture counts, since it was cancelled while it was painted; what nothing came of doesn't.
    await expectRefusal(stage.order(stage.alice), /asked for 3 pictures within a day.*<t:\d+:R>/);
  });

  it('writes changes and moderation into the log channel, if it can write there', async () => {
    const log = stage.guild.createChannel({ name: 'log' });
    const closed = stage.guild.createChannel({ name: 'closed', botPermissions: 0n });
    expect(await set('log', { channel: closed })).toContain("I can't write in");
    expect(await set('log', { channel: log })).toContain(`<#${log.id}>`);
    await set('epochs', { max: 200 });
    expect(await set('epochs', { max: 200 })).toContain('Nothing has changed');
    expect(await set('epochs')).toContain('Nothing has changed');
    const done = await painted(await stage.order(stage.alice));
    if (!done.message) throw new Error('There is no result');
    await stage.mormont.click(done.message, 'Delete');
    const order = await stage.order(stage.alice, { quality: 'high', epochs: 200 });
    await order.until(({ message }) => message?.text.includes('Epoch '));
    if (!order.message) throw new Error('There is no reply');
    await stage.mormont.click(order.message, 'Cancel');
    await stage.discord.until(() => log.messages.length === 5);
    const who = `<@${stage.mormont.id}>`;
    expect(log.messages.map(({ text }) => text)).toEqual([
      'From now on, I write here what moderators change, cancel and delete.',
      `${who} changed the settings:\n**Log:** nowhere → <#${log.id}>`,
      `${who} changed the settings:\n**Epochs:** up to 300, 6 where nobody chooses → up to 200, 6 where nobody chooses`,
      `${who} deleted a picture of <@${stage.alice.id}> in <#${stage.channel.id}>`,
      `${who} cancelled a picture of <@${stage.alice.id}>`,
    ]);
    expect(log.messages.flatMap(({ mentions }) => mentions)).toEqual([]);
  });

  it.each([
    ['another channel', 'log', (other: { id: string }) => ({ channel: other })],
    ['none', 'log', () => ({})],
    ['the default', 'reset', () => ({})],
  ])('tells the old log channel that the log moves to %s', async (_, subcommand, values) => {
    const log = stage.guild.createChannel({ name: 'log' });
    const other = stage.guild.createChannel({ name: 'other-log' });
    await set('log', { channel: log });
    await set(subcommand, values(other));
    await stage.discord.until(() => log.messages.length === 3);
    expect(log.messages.at(-1)?.text).toMatch(
      new RegExp(`:\\n\\*\\*Log:\\*\\* <#${log.id}> → (<#${other.id}>|nowhere)$`),
    );
  });

  it('is changed by whoever manages the server, shown to moderators as well, and to nobody else', async () => {
    const command = stage.discord.world.commands.find('settings', 1, undefined);
    if (!command) throw new Error('There is no /settings');
    // Admins of a server may show it to all.
    expect(command.default_member_permissions).toBe(String(PermissionFlagsBits.ManageMessages));
    command.default_member_permissions = null;
    const changing = stage.alice.in(stage.channel).command('settings', { max: 1 }, { subcommand: 'epochs' });
    await expectRefusal(changing, 'manage the server');
    await expectRefusal(
      stage.alice.in(stage.channel).command('settings', {}, { subcommand: 'show' }),
      'Only moderators',
    );
    const ranger = stage.discord.createUser({ name: 'Ranger' });
    const role = stage.guild.createRole({ name: 'Ranger', permissions: PermissionFlagsBits.ManageMessages });
    stage.guild.join(ranger, { roles: [role] });
    const shown = await ranger.in(stage.channel).command('settings', {}, { subcommand: 'show' });
    await shown.until(({ message }) => message?.text.includes('**Epochs:**'));
    await expectRefusal(
      ranger.in(stage.channel).command('settings', { max: 64 }, { subcommand: 'size' }),
      'manage the server',
    );
  });
});
