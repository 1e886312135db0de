import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PermissionFlagsBits } from 'discord.js';
import { expect } from 'vitest';
import type { Channel } from '../../src/local-discord/channel.js';
import type { OptionValues } from '../../src/local-discord/command-options.js';
import type { Upload } from '../../src/local-discord/file-store.js';
import type { Guild } from '../../src/local-discord/guild.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Person } from '../../src/local-discord/person.js';
import { type Discord, type DiscordOptions, startDiscord } from '../../src/local-discord/server.js';
import { packageRoot } from '../../src/package-root.js';
import { whilePatient } from '../patience.js';
import { newDataFolder, RunningBot, removeDataFolder } from './running-bot.js';

const example = async (name: string): Promise<Upload> => ({
  name,
  bytes: await readFile(join(packageRoot(), 'examples', name)),
});

/** Example pictures, as people upload them. */
export const photo = await example('astronaut.jpg');
export const otherPhoto = await example('chelsea.jpg');
export const painting = await example('ice-shards.png');

/** Options of an order that is still under way when something happens to it or to the bot. */
export const long = { quality: 'high', epochs: 40 } as const;

/** A local Discord with a server and some people in it, and the bot. */
export class Stage {
  readonly discord: Discord;
  #guild: Guild;
  #channel: Channel;
  readonly alice: Person;
  readonly bob: Person;
  /** A person who moderates and manages the server. */
  readonly mormont: Person;
  readonly dataFolder: string;
  readonly #environment: Readonly<Record<string, string>>;
  bot: RunningBot;

  private constructor(
    discord: Discord,
    dataFolder: string,
    bot: RunningBot,
    environment: Readonly<Record<string, string>>,
  ) {
    this.discord = discord;
    this.dataFolder = dataFolder;
    this.bot = bot;
    this.#environment = environment;
    this.alice = discord.createUser({ name: 'Alice' });
    this.bob = discord.createUser({ name: 'Bob' });
    this.mormont = discord.createUser({ name: 'Mormont' });
    [this.#guild, this.#channel] = this.#createServer();
  }

  get guild(): Guild {
    return this.#guild;
  }

  get channel(): Channel {
    return this.#channel;
  }

  /** Has everybody go on in a new server, where nothing is set and nobody has ordered anything, with the same bot. */
  enterNewServer(): void {
    [this.#guild, this.#channel] = this.#createServer();
  }

  #createServer(): [Guild, Channel] {
    const guild = this.discord.createGuild({ name: 'Castle Black' });
    const watch = guild.createRole({
      name: 'Lord Commander',
      permissions: PermissionFlagsBits.ManageMessages | PermissionFlagsBits.ManageGuild,
    });
    guild.join(this.alice);
    guild.join(this.bob);
    guild.join(this.mormont, { roles: [watch] });
    return [guild, guild.createChannel({ name: 'the-wall' })];
  }

  static async set(environment: Readonly<Record<string, string>> = {}, options: DiscordOptions = {}): Promise<Stage> {
    const discord = await startDiscord({ patience: whilePatient, ...options });
    const dataFolder = await newDataFolder();
    const bot = await RunningBot.start(discord, dataFolder, environment);
    return new Stage(discord, dataFolder, bot, environment);
  }

  /** Creates a person who has just joined the server. */
  newcomer(name: string, locale = 'en-US'): Person {
    const person = this.discord.createUser({ name, locale });
    this.guild.join(person);
    return person;
  }

  /** Orders a picture of {@link photo} in the channel: in draft quality, with few epochs, unless `values` say more. */
  order(
    person: Person,
    values: Readonly<Record<string, Upload | string | number | boolean>> = {},
  ): Promise<Interaction> {
    return person.in(this.channel).command('whitewalker', { content: photo, quality: 'draft', ...values });
  }

  /** Uses `/settings` as {@link mormont}. Returns the answer, which only they may see, once the setting is kept. */
  async settings(subcommand: string, values: OptionValues = {}): Promise<string> {
    const mormont = this.mormont.in(this.channel);
    const used = await mormont.command('settings', values, { subcommand: subcommand.split(' ') });
    await used.until(({ message }) => message && !message.isLoading);
    expect(used.message?.isEphemeral).toBe(true);
    return used.message?.text ?? '';
  }

  /** Starts the bot again with the same data, after it has ended in whatever way. */
  async restart(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    this.bot = await RunningBot.start(this.discord, this.dataFolder, { ...this.#environment, ...environment });
  }

  async strike(): Promise<void> {
    await this.bot.kill();
    await this.discord.stop();
    await removeDataFolder(this.dataFolder);
  }
}

/** Waits until an order's message has a result. */
export async function painted(order: Interaction): Promise<Interaction> {
  return order.until(({ message }) => message?.attachments.some(({ name }) => name.includes('result')));
}

/** Waits until an order's message says that its turn has come. */
export async function running(order: Interaction): Promise<Interaction> {
  return order.until(({ message }) => /easel|Epoch /.test(message?.text ?? ''));
}

/** Expects that exactly one message has the order's result. */
export function expectDeliveredOnce(order: Interaction): void {
  const results = order.messages.filter(({ attachments }) => attachments.some(({ name }) => name.includes('result')));
  expect(results, order.describe()).toHaveLength(1);
}

/**
 * Expects that a channel shows the answers to these orders and nothing else, but for a call to each person who has waited
 * long: that comes after some minutes, which a busy machine may take.
 */
export function expectOnlyAnswers(channel: Channel, orders: readonly Interaction[]): void {
  const answers = orders.map(({ message }) => message?.id);
  const others = channel.messages.filter(({ id }) => !answers.includes(id));
  expect(channel.messages.length - others.length).toBe(orders.length);
  const called = others.map(({ origin }) => origin.reference?.message_id);
  expect(called.filter((id) => !answers.includes(id))).toEqual([]);
  expect(called).toHaveLength(new Set(called).size);
}
