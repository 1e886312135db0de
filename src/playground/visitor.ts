import { PermissionFlagsBits } from 'discord.js';
import { ApiError } from '../local-discord/api-error.js';
import type { Channel } from '../local-discord/channel.js';
import { RefusedByClientError } from '../local-discord/client-error.js';
import type { OptionValue } from '../local-discord/command-options.js';
import type { Upload } from '../local-discord/file-store.js';
import type { Interaction } from '../local-discord/interaction.js';
import type { Message } from '../local-discord/message.js';
import type { FieldValue } from '../local-discord/modal-fields.js';
import { includesPermissions } from '../local-discord/permissions.js';
import type { Person } from '../local-discord/person.js';
import type { Discord } from '../local-discord/server.js';
import type { Uploads } from './uploads.js';
import type { Act, ActOutcome, FileReference, GivenValue, GivenValues } from './wire.js';

/** Number of latest modals that can still be sent. */
const mostOpenModals = 50;

/** Does what a visitor does, as one of the people. */
export class Visitor {
  readonly #discord: Discord;
  readonly #uploads: Uploads;
  /** Interactions that were answered with a modal, by their ids. */
  readonly #openModals = new Map<string, Interaction>();

  constructor(discord: Discord, uploads: Uploads) {
    this.#discord = discord;
    this.#uploads = uploads;
  }

  /** Does something as a person, and returns what came of it once the bot has acknowledged it or is too late. */
  async act(person: Person, act: Act): Promise<ActOutcome> {
    try {
      return await this.#act(person, act);
    } catch (error) {
      if (error instanceof RefusedByClientError || error instanceof ApiError)
        return { kind: 'refused', why: error.message };
      throw error;
    }
  }

  async #act(person: Person, act: Act): Promise<ActOutcome> {
    switch (act.do) {
      case 'command': {
        const { name, subcommand } = act;
        const place = person.in(this.#channel(act.channel, person));
        return this.#outcome(await place.command(name, await this.#options(act.values), { subcommand }));
      }
      case 'autocomplete': {
        const { name, subcommand, option, text } = act;
        const place = person.in(this.#channel(act.channel, person));
        const others = await this.#options(act.values);
        return { kind: 'choices', choices: await place.autocomplete(name, option, text, others, { subcommand }) };
      }
      case 'message-menu': {
        const message = this.#message(act.message, person);
        return this.#outcome(await person.in(message.channel).messageMenu(act.name, message));
      }
      case 'user-menu': {
        const user = this.#discord.world.users.get(act.user);
        if (!user) throw new RefusedByClientError('That person is not here');
        return this.#outcome(await person.in(this.#channel(act.channel, person)).userMenu(act.name, user));
      }
      case 'click':
        return this.#outcome(await person.click(this.#message(act.message, person), act.button));
      case 'select':
        return this.#outcome(await person.select(this.#message(act.message, person), act.menu, act.values));
      case 'submit': {
        const opener = this.#openModals.get(act.interaction);
        if (opener?.origin.user !== person) throw new RefusedByClientError('The form is no longer open');
        const outcome = await this.#outcome(await person.submit(opener, await this.#fields(act.values)));
        if (outcome.kind === 'done') this.#openModals.delete(act.interaction);
        return outcome;
      }
      case 'post': {
        const files = await Promise.all(act.files.map((file) => this.#uploads.find(file)));
        await person.in(this.#channel(act.channel, person)).post({ content: act.content, files });
        return { kind: 'done' };
      }
      case 'delete-message': {
        const message = this.#message(act.message, person);
        if (!mayDelete(person, message)) throw new RefusedByClientError('You may not delete this message');
        this.#discord.world.deleteMessage(message);
        return { kind: 'done' };
      }
      case 'language':
        person.locale = act.language;
        return { kind: 'done' };
    }
  }

  async #outcome(interaction: Interaction): Promise<ActOutcome> {
    try {
      await interaction.acknowledged;
    } catch {
      return { kind: 'no-response' };
    }
    const { modal, id } = interaction;
    if (!modal) return { kind: 'done' };
    this.#openModals.set(id, interaction);
    const [oldest] = this.#openModals.keys();
    if (this.#openModals.size > mostOpenModals && oldest !== undefined) this.#openModals.delete(oldest);
    return { kind: 'modal', interaction: id, modal: JSON.parse(JSON.stringify(modal)) };
  }

  #channel(id: string, person: Person): Channel {
    const channel = this.#discord.world.channels.get(id);
    if (!channel?.userById(person.id)) throw new RefusedByClientError('You do not have access to this channel');
    return channel;
  }

  #message(id: string, person: Person): Message {
    for (const channel of this.#discord.world.channels.values()) {
      const message = channel.userById(person.id) && channel.history.find((candidate) => candidate.id === id);
      if (message && !message.isDeleted && isSeenBy(person, message)) return message;
    }
    throw new RefusedByClientError('The message is no longer there');
  }

  async #options(values: GivenValues): Promise<Record<string, OptionValue>> {
    const options: Record<string, OptionValue> = {};
    for (const [name, value] of Object.entries(values)) options[name] = await this.#option(value);
    return options;
  }

  async #option(value: GivenValue): Promise<OptionValue> {
    if (typeof value !== 'object') return value;
    if (isList(value)) throw new RefusedByClientError('An option has one value');
    if (!('id' in value)) return this.#uploads.find(value);
    const { users, channels } = this.#discord.world;
    return users.get(value.id) ?? channels.get(value.id) ?? value;
  }

  async #fields(values: GivenValues): Promise<Record<string, FieldValue>> {
    const fields: Record<string, FieldValue> = {};
    for (const [name, value] of Object.entries(values)) fields[name] = await this.#field(value);
    return fields;
  }

  async #field(value: GivenValue): Promise<FieldValue> {
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return String(value);
    if (isList(value)) {
      const parts: (string | Upload)[] = [];
      for (const part of value) parts.push(typeof part === 'string' ? part : await this.#uploads.find(part));
      return parts;
    }
    if ('id' in value) throw new RefusedByClientError('Forms ask for nobody');
    return this.#uploads.find(value);
  }
}

/** Whether a person sees a message of a channel that they see. */
export function isSeenBy(person: Person, { isEphemeral, origin }: Message): boolean {
  return !isEphemeral || origin.interaction?.user.id === person.id;
}

function mayDelete(person: Person, { author, channel, isEphemeral }: Message): boolean {
  if (author === person || isEphemeral) return true;
  const permissions = channel.guild?.permissionsOf(person) ?? 0n;
  return includesPermissions(permissions, PermissionFlagsBits.ManageMessages);
}

function isList(value: GivenValue): value is readonly string[] | readonly FileReference[] {
  return Array.isArray(value);
}
