import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Person } from '../../src/local-discord/person.js';
import { isMessageRefusal } from './refusals.js';
import { painted, painting, photo, running, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

const long = { quality: 'high', epochs: 300 } as const;

/** Uses `/privacy show` or `/privacy delete`, and expects an answer that only this person sees. */
async function privacy(person: Person, subcommand: 'show' | 'delete'): Promise<Interaction> {
  const command = await person.in(stage.channel).command('privacy', {}, { subcommand });
  await command.acknowledged;
  expect(command.message?.isEphemeral).toBe(true);
  return command;
}

/** Presses a button below the question of `/privacy delete`; returns what the message says then. */
async function deleteAll(person: Person, label: string): Promise<string> {
  const question = await privacy(person, 'delete');
  if (question.message === undefined) throw new Error(question.describe());
  await person.click(question.message, label);
  await question.until(({ message }) => message?.buttons.length === 0);
  return question.message.text;
}

/** Reads all that stands in the database: the rows of its tables, and the bytes of its file. */
async function written(): Promise<{ rows: string; bytes: string }> {
  const path = join(stage.dataFolder, 'whitewalker.db');
  const libsql = new Libsql(path, { readonly: true });
  const tables = libsql.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  const rows = JSON.stringify(tables.map(({ name }) => [name, libsql.prepare(`SELECT * FROM ${name}`).all()]));
  libsql.close();
  return { rows, bytes: await readFile(path, 'latin1') };
}

const folders = () => readdir(join(stage.dataFolder, 'jobs'));

/** Lists the files that are kept of the only job. */
async function filesOfOnlyJob(): Promise<readonly string[]> {
  const [id = ''] = await folders();
  return (await readdir(join(stage.dataFolder, 'jobs', id))).sort();
}

describe('what is kept', () => {
  it('of a finished picture is what it was made from, for its buttons; the result is in Discord', async () => {
    await painted(await stage.order(stage.alice));
    await stage.bot.untilLogged('job closed');
    expect(await filesOfOnlyJob()).toEqual(['content', 'style']);
  });

  it('is told to whom it is about, and to nobody else', async () => {
    const { message } = await privacy(stage.alice, 'show');
    expect(message?.text).toContain('1 order that is over, with what you uploaded for it, until <t:');
    expect(message?.text).toContain('when you asked for 1 picture within 24 hours');
    expect((await privacy(stage.bob, 'show')).message?.text).toContain('Nothing.');
    const jon = stage.newcomer('Jon', 'de');
    expect((await privacy(jon, 'show')).message?.text).toContain('Was ich über dich aufbewahre');
  });
});

describe('/privacy delete', () => {
  it('cancels, deletes and forgets, also where others used the pictures, and at once', async () => {
    await stage.settings('limits', { daily: 3 });
    const first = await painted(await stage.order(stage.alice));
    if (first.message === undefined) throw new Error(first.describe());
    const ofBob = await painted(await stage.bob.click(first.message, 'More epochs'));
    const current = await running(await stage.order(stage.alice, long));
    const waiting = await stage.bob.click(first.message, 'Stronger');
    const unrelated = await stage.order(stage.mormont);
    await unrelated.acknowledged;
    const alice = stage.alice.in(stage.channel);
    const saved = await alice.command('styles', { name: 'scarf', image: painting }, { subcommand: 'save' });
    await saved.until(({ message }) => message?.text.includes('your own'));
    await (await alice.command('defaults', { 'keep-colors': true })).acknowledged;
    const { message: kept } = await privacy(stage.alice, 'show');
    expect(kept?.text).toContain('- 1 style that you keep for yourself, until you remove it with `/styles forget`');
    expect(kept?.text).toContain('- what you have set with `/defaults`');
    expect((await written()).rows).toContain(stage.alice.id);
    expect(await deleteAll(stage.alice, 'Delete everything')).toMatch(/^Done: 5 orders deleted\. Your id is gone/);
    await current.until(({ message }) => message?.text === 'Cancelled.');
    await waiting.until(({ message }) => message?.text.includes('has had it deleted'));
    const { rows } = await written();
    expect(rows).not.toContain(stage.alice.id);
    expect(rows).toContain(stage.mormont.id);
    expect((await privacy(stage.alice, 'show')).message?.text).toContain('Nothing.');
    if (ofBob.message === undefined) throw new Error(ofBob.describe());
    const gone = await stage.bob.click(ofBob.message, 'More epochs');
    await gone.acknowledged;
    expect(isMessageRefusal(gone, 'these are gone'), gone.describe()).toBe(true);
    await painted(unrelated);
    expect(await folders()).toHaveLength(1);
  });

  it('does not begin daily limits anew', async () => {
    const order = await stage.order(stage.alice);
    await order.acknowledged;
    expect(isMessageRefusal(order, 'within a day'), order.describe()).toBe(true);
  });

  it('leaves nothing in the file either', async () => {
    expect(await stage.bot.stop()).toBe(0);
    const { bytes } = await written();
    expect(bytes).not.toContain(stage.alice.id);
    expect(bytes).toContain(stage.mormont.id);
    await stage.restart();
  });
});

describe('a server that the bot is removed from', () => {
  const fill = async () => {
    const guild = stage.discord.createGuild({ name: 'The Twins' });
    guild.join(stage.mormont);
    const channel = guild.createChannel({ name: 'hall', botPermissions: undefined });
    const order = await stage.mormont.in(channel).command('whitewalker', { content: photo, style: painting, ...long });
    await running(order);
    expect((await written()).rows).toContain(guild.id);
    return guild;
  };

  it('is forgotten, with what runs for it', async () => {
    const guild = await fill();
    guild.removeBot();
    await stage.bot.untilLogged('left a server, whose data is deleted');
    expect((await written()).rows).not.toContain(guild.id);
    expect(await folders()).toHaveLength(1);
  });

  it('while it was away is forgotten at the next start, and others are not', async () => {
    const guild = await fill();
    await stage.bot.kill();
    guild.removeBot();
    await stage.restart();
    expect(stage.bot.log).toContainEqual(expect.objectContaining({ msg: 'left a server, whose data is deleted' }));
    const { rows } = await written();
    expect(rows).not.toContain(guild.id);
    expect(rows).toContain(stage.guild.id);
  });
});
