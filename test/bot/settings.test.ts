import { PermissionFlagsBits } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OptionValues } from '../discord/command-options.js';
import type { Interaction } from '../discord/interaction.js';
import { isMessageRefusal } from './refusals.js';
import { painted, photo, resultWithin, Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.set();
});
afterEach(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

/** Uses `/settings` as somebody who manages the server; returns the answer, which only they may see. */
async function set(subcommand: string, values: OptionValues = {}): Promise<string> {
  const command = await stage.mormont
    .in(stage.channel)
    .command('settings', values, { subcommand: subcommand.split(' ') });
  await command.until(({ message }) => message && !message.isLoading);
  expect(command.message?.isEphemeral).toBe(true);
  return command.message?.text ?? '';
}

async function expectRefusal(order: Promise<Interaction>, text: string | RegExp): Promise<void> {
  const refusal = await order;
  await refusal.acknowledged;
  expect(isMessageRefusal(refusal, text), refusal.describe()).toBe(true);
}

describe('/settings', () => {
  it('shows them, changes them for the next picture, and goes back to the defaults, also after a restart', async () => {
    expect(await set('show')).toContain('**Epochs:** up to 300, 6 where nobody chooses');
    expect(await set('epochs', { max: 8, default: 7 })).toContain('**Epochs:** up to 8, 7 where nobody chooses');
    expect(await set('size', { max: 64 })).toContain('up to 64 pixels');
    expect(await set('quality', { default: 'high' })).toContain('high');
    await stage.bot.kill();
    await stage.restart();
    const { message } = await painted(await stage.alice.in(stage.channel).command('whitewalker', { content: photo }));
    expect(message?.text).toMatch(/high\*\*\n-# 7 epochs · 64 × 64/);
    await expectRefusal(stage.order(stage.alice, { epochs: 9 }), 'from 1 to 8');
    const help = await stage.alice.in(stage.channel).command('help');
    await help.acknowledged;
    expect(help.message?.text).toMatch(/up to 8 epochs \(7 where/);
    expect(help.message?.text).toContain('**draft**: 64 pixels, 3 epochs, VGG19-lite');
    expect(await set('reset')).toContain('up to 300');
  });

  it('refuses what is out of range, with the range', async () => {
    expect(await set('epochs', { max: 5 })).toContain('up to 5');
    expect(await set('epochs', { default: 6 })).toContain("can't be above the maximum of 5");
    expect(await set('show')).toContain('up to 5, 5');
  });

  it('gates channels and roles', async () => {
    const other = stage.guild.createChannel({ name: 'other' });
    const crow = stage.guild.createRole({ name: 'Crow' });
    await set('channels deny', { channel: stage.channel });
    await expectRefusal(stage.order(stage.alice), 'not opened this channel');
    await set('channels allow', { channel: other });
    await expectRefusal(stage.order(stage.alice), 'not opened this channel');
    await painted(await stage.alice.in(other).command('whitewalker', { content: photo, quality: 'draft' }));
    await set('channels clear');
    await painted(await stage.order(stage.alice));
    await set('roles allow', { role: crow });
    await expectRefusal(stage.order(stage.alice), 'only certain roles');
    const sam = stage.discord.createUser({ name: 'Sam' });
    stage.guild.join(sam, { roles: [crow] });
    await painted(await stage.order(sam));
    await set('roles clear');
    await painted(await stage.order(stage.alice));
  });

  it('bounds what one person may have at once and a day, and what the server may have waiting', async () => {
    await set('limits', { active: 1, daily: 3, queue: 1 });
    const long = { quality: 'high', epochs: 300 } as const;
    const first = await stage.order(stage.alice, long);
    await first.until(({ message }) => message?.text.includes('Epoch '), resultWithin);
    await expectRefusal(stage.order(stage.alice), 'You have 1 picture waiting or running');
    const second = await stage.order(stage.bob);
    await second.until(({ message }) => message?.text.includes('next'));
    await expectRefusal(stage.order(stage.mormont), '1 picture of this server is waiting');
    if (!first.message) throw new Error('There is no reply');
    await stage.alice.click(first.message, 'Cancel');
    await painted(second);
    await painted(await stage.order(stage.alice));
    await painted(await stage.order(stage.alice));
    await expectRefusal(stage.order(stage.alice), /asked for 3 pictures within a day.*<t:\d+:R>/);
  });

  it('writes changes and moderation into the log channel, if it can write there', async () => {
    const log = stage.guild.createChannel({ name: 'log' });
    const closed = stage.guild.createChannel({ name: 'closed', botPermissions: 0n });
    expect(await set('log', { channel: closed })).toContain("I can't write in");
    expect(await set('log', { channel: log })).toContain(`<#${log.id}>`);
    await set('epochs', { max: 200 });
    const order = await stage.order(stage.alice, { quality: 'high', epochs: 200 });
    await order.until(({ message }) => message?.text.includes('Epoch '), resultWithin);
    if (!order.message) throw new Error('There is no reply');
    await stage.mormont.click(order.message, 'Cancel');
    await stage.discord.until(() => log.messages.length === 4);
    expect(log.messages.map(({ text }) => text)).toEqual([
      'From now on, I write here what moderators change and cancel.',
      `<@${stage.mormont.id}> changed the settings:\n**Log:** <#${log.id}>`,
      `<@${stage.mormont.id}> changed the settings:\n**Epochs:** up to 200, 6 where nobody chooses`,
      `<@${stage.mormont.id}> cancelled a picture of <@${stage.alice.id}>`,
    ]);
    expect(log.messages.flatMap(({ mentions }) => mentions)).toEqual([]);
  });

  it('is for whoever manages the server, even where its admins show it to all', async () => {
    const command = stage.discord.world.commands.find('settings', 1, undefined);
    if (!command) throw new Error('There is no /settings');
    expect(command.default_member_permissions).toBe(String(PermissionFlagsBits.ManageGuild));
    command.default_member_permissions = null;
    const attempt = stage.alice.in(stage.channel).command('settings', { max: 1 }, { subcommand: 'epochs' });
    await expectRefusal(attempt, 'manage the server');
  });
});
