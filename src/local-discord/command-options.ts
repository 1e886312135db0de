import { extname } from 'node:path';
import {
  type APIApplicationCommand,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIAttachment,
  ApplicationCommandOptionType,
} from 'discord.js';
import { Channel } from './channel.js';
import { RefusedByClientError } from './client-error.js';
import { contentTypeOf, type FileStore, type Upload } from './file-store.js';
import { User } from './user.js';

/** A value that a person may give for an option of a command. */
export type OptionValue = string | number | boolean | Upload | User | Channel | { readonly id: string };

export type OptionValues = Readonly<Record<string, OptionValue | undefined>>;

/** Options of a command as an interaction carries them, and the users, channels, roles and files that they name. */
export interface ResolvedOptions {
  readonly options: readonly GivenOption[];
  readonly resolved: {
    readonly attachments: Record<string, APIAttachment>;
    readonly users: Record<string, User>;
    readonly channels: Record<string, Channel>;
    readonly roleIds: string[];
  };
}

export interface GivenOption {
  readonly name: string;
  readonly type: ApplicationCommandOptionType;
  readonly value?: string | number | boolean;
  readonly options?: readonly GivenOption[];
  readonly focused?: true;
}

export interface OptionPlace {
  readonly files: FileStore;
  readonly channelId: string;
  /** Name of the option that is being completed; other required options may still be missing then. */
  readonly focused?: string | undefined;
}

/**
 * Fills in a command's options as Discord's client does, and uploads files.
 *
 * @param path - the names of group and subcommand, if the command has any.
 * @throws RefusedByClientError for options that the client would not let through.
 */
export async function fillInOptions(
  command: APIApplicationCommand,
  path: readonly string[],
  values: OptionValues,
  place: OptionPlace,
): Promise<ResolvedOptions> {
  const resolved: ResolvedOptions['resolved'] = { attachments: {}, users: {}, channels: {}, roleIds: [] };
  const definitions = optionsAt(command, path);
  for (const name of Object.keys(values)) {
    if (!definitions.some((definition) => definition.name === name)) {
      throw new RefusedByClientError(`/${[command.name, ...path].join(' ')} has no option "${name}"`);
    }
  }
  const given: GivenOption[] = [];
  for (const definition of definitions) {
    const value = values[definition.name];
    if (value !== undefined) given.push(await fillIn(definition, value, place, resolved));
    else if (definition.required && place.focused === undefined) {
      throw new RefusedByClientError(`The option "${definition.name}" is required`);
    }
  }
  return { options: nested(path, given), resolved };
}

/** Wraps options in the subcommand and the group that they belong to. */
function nested(path: readonly string[], given: readonly GivenOption[]) {
  const { Subcommand, SubcommandGroup } = ApplicationCommandOptionType;
  return path.reduceRight<readonly GivenOption[]>((options, name, depth) => {
    const isGroup = path.length === 2 && depth === 0;
    return [{ name, type: isGroup ? SubcommandGroup : Subcommand, options }];
  }, given);
}

function optionsAt(
  command: APIApplicationCommand,
  path: readonly string[],
): readonly APIApplicationCommandBasicOption[] {
  let options: readonly APIApplicationCommandOption[] = command.options ?? [];
  for (const name of path) {
    const next = options.find((option) => option.name === name);
    if (!next || !isSubcommand(next)) {
      throw new RefusedByClientError(`/${command.name} has no subcommand "${path.join(' ')}"`);
    }
    options = next.options ?? [];
  }
  const subcommands = options.filter(isSubcommand);
  if (subcommands.length > 0) {
    const names = subcommands.map(({ name }) => name).join(', ');
    throw new RefusedByClientError(`/${command.name} needs a subcommand: ${names}`);
  }
  return options as readonly APIApplicationCommandBasicOption[];
}

function isSubcommand(option: APIApplicationCommandOption) {
  const { Subcommand, SubcommandGroup } = ApplicationCommandOptionType;
  return option.type === Subcommand || option.type === SubcommandGroup;
}

async function fillIn(
  definition: APIApplicationCommandBasicOption,
  value: OptionValue,
  place: OptionPlace,
  resolved: ResolvedOptions['resolved'],
): Promise<GivenOption> {
  const { name, type } = definition;
  // An option that is still being typed is sent as text, and need not be valid yet.
  if (place.focused === name) return { name, type, value: String(value), focused: true };
  const refuse = (message: string) => new RefusedByClientError(`The option "${name}" ${message}`);
  switch (type) {
    case ApplicationCommandOptionType.Attachment: {
      if (!isUpload(value)) throw refuse('needs a file');
      checkFileType(value, 'file_types' in definition ? definition.file_types : undefined, refuse);
      const file = await place.files.add(value, place.channelId, true);
      resolved.attachments[file.id] = place.files.toApi(file);
      return { name, type, value: file.id };
    }
    case ApplicationCommandOptionType.User:
    case ApplicationCommandOptionType.Mentionable:
    case ApplicationCommandOptionType.Channel:
    case ApplicationCommandOptionType.Role: {
      if (typeof value !== 'object' || !('id' in value)) throw refuse('needs somebody or something with an id');
      if (type === ApplicationCommandOptionType.User && !(value instanceof User)) throw refuse('needs a user');
      if (type === ApplicationCommandOptionType.Channel && !(value instanceof Channel)) throw refuse('needs a channel');
      if (value instanceof User) resolved.users[value.id] = value;
      else if (value instanceof Channel) resolved.channels[value.id] = value;
      else resolved.roleIds.push(value.id);
      return { name, type, value: value.id };
    }
    case ApplicationCommandOptionType.Boolean:
      if (typeof value !== 'boolean') throw refuse('needs true or false');
      return { name, type, value };
    case ApplicationCommandOptionType.String:
      if (typeof value !== 'string') throw refuse('needs a text');
      checkChoice(definition.choices, value, refuse);
      checkRange(value.length, definition, 'min_length', 'max_length', refuse);
      return { name, type, value };
    case ApplicationCommandOptionType.Integer:
    case ApplicationCommandOptionType.Number: {
      const isWhole = type === ApplicationCommandOptionType.Integer;
      if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse('needs a number');
      if (isWhole && !Number.isInteger(value)) throw refuse(`needs a whole number, got ${value}`);
      checkChoice(definition.choices, value, refuse);
      checkRange(value, definition, 'min_value', 'max_value', refuse);
      return { name, type, value };
    }
    default:
      throw refuse('is of a kind that is not supported here');
  }
}

type Refuse = (message: string) => Error;

function checkChoice(choices: readonly { value: unknown }[] | undefined, value: unknown, refuse: Refuse): void {
  if (!choices || choices.length === 0 || choices.some((choice) => choice.value === value)) return;
  throw refuse(`has no choice ${JSON.stringify(value)}`);
}

function checkRange(value: number, definition: object, least: string, most: string, refuse: Refuse): void {
  const limits = definition as Readonly<Record<string, number | undefined>>;
  const [min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY] = [limits[least], limits[most]];
  if (value < min || value > max) throw refuse(`must be from ${min} to ${max}, got ${value}`);
}

/** Refuses a file of a type that isn't listed. Discord's client goes by the extension of its name alone. */
export function checkFileType(upload: Upload, types: readonly string[] | undefined, refuse: Refuse): void {
  if (!types || types.length === 0) return;
  const extension = extname(upload.name).toLowerCase();
  const kind = contentTypeOf(upload.name)?.split('/')[0];
  if (types.some((type) => type === kind || type === extension)) return;
  throw refuse(`takes files of these kinds: ${types.join(', ')}; got "${upload.name}"`);
}

export function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'name' in value;
}
