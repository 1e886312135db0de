import { setTimeout as wait } from 'node:timers/promises';
import { PermissionFlagsBits } from 'discord.js';
import sharp from 'sharp';
import type { Channel } from '../../src/local-discord/channel.js';
import type { OptionValues } from '../../src/local-discord/command-options.js';
import type { Upload } from '../../src/local-discord/file-store.js';
import type { Person } from '../../src/local-discord/person.js';
import type { Discord } from '../../src/local-discord/server.js';
import type { Choices } from './choices.js';

/** A small picture as somebody uploads it. */
export interface Picture {
  readonly upload: Upload;
  /** Height over width of the picture. */
  readonly aspect: number;
}

/** Number of pictures, each of other proportions: by its proportions a result tells which picture it was made of. */
const pictures = 24;
const width = 96;

/** How long the commander waits for an answer, looks for it, and waits before asking again, in milliseconds. */
const answerMs = 5000;
const pollMs = 50;
const retryMs = 500;

/** A server in Discord with people, channels and pictures. */
export class Town {
  readonly channels: readonly Channel[];
  readonly people: readonly Person[];
  readonly pictures: readonly Picture[];
  /** Who moderates and manages the server. */
  readonly commander: Person;
  /** Changes of settings that are yet to be taken back. */
  readonly #takingBack = new Set<Promise<void>>();

  private constructor(discord: Discord, people: number, pictures: readonly Picture[]) {
    const guild = discord.createGuild({ name: 'Castle Black' });
    this.channels = ['the-wall', 'crypt', 'godswood'].map((name) => guild.createChannel({ name }));
    this.people = Array.from({ length: people }, (_, index) => discord.createUser({ name: `Brother ${index + 1}` }));
    for (const person of this.people) guild.join(person);
    this.commander = discord.createUser({ name: 'Mormont' });
    const role = guild.createRole({
      name: 'Lord Commander',
      permissions: PermissionFlagsBits.ManageGuild | PermissionFlagsBits.ManageMessages,
    });
    guild.join(this.commander, { roles: [role] });
    this.pictures = pictures;
  }

  static async found(discord: Discord, people: number, choices: Choices): Promise<Town> {
    const made = Array.from({ length: pictures }, (_, index) => picture(index, choices));
    return new Town(discord, people, await Promise.all(made));
  }

  /** Raises the server's limits, which would refuse what is ordered here. The bot has to be there. */
  async liftLimits(): Promise<void> {
    const { channels } = this;
    const [channel] = channels;
    if (channel === undefined) throw new Error('There is no channel.');
    const limits = { active: 20, daily: 1000, queue: 1000 };
    const used = await this.commander.in(channel).command('settings', limits, { subcommand: 'limits' });
    await used.until(({ message }) => message?.text.includes('1000'));
  }

  /** Has the commander change a setting. @returns whether the bot has answered. */
  async moderate(subcommand: string, values: OptionValues = {}): Promise<boolean> {
    const [channel] = this.channels;
    if (channel === undefined) return false;
    const used = await this.commander.in(channel).command('settings', values, { subcommand: subcommand.split(' ') });
    const isOver = () => used.hasFailed || used.message?.isLoading === false;
    for (let waited = 0; !isOver() && waited < answerMs; waited += pollMs) await wait(pollMs);
    return used.message?.isLoading === false;
  }

  /** Has the commander take a change back after a while, again and again until the bot has answered. */
  takeBackAfter(ms: number, subcommand: string, values: OptionValues = {}): void {
    const takenBack = (async () => {
      await wait(ms);
      while (!(await this.moderate(subcommand, values))) await wait(retryMs);
    })().finally(() => this.#takingBack.delete(takenBack));
    this.#takingBack.add(takenBack);
  }

  /** Settles once all changes have been taken back, which the bot has to be there for. */
  async settle(): Promise<void> {
    await Promise.all(this.#takingBack);
  }
}

/** Makes picture number `index`: random patches of colour, in proportions that no other number has. */
async function picture(index: number, choices: Choices): Promise<Picture> {
  const height = 50 + 2 * index;
  const patches = { width: 6, height: 6, channels: 3 } as const;
  const raw = Uint8Array.from({ length: 6 * 6 * 3 }, () => choices.whole(0, 255));
  const bytes = await sharp(raw, { raw: patches }).resize(width, height, { fit: 'fill' }).png().toBuffer();
  return { upload: { name: `picture-${index}.png`, bytes }, aspect: height / width };
}
