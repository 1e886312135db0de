import {
  type APIApplicationCommandOption,
  type APIApplicationCommandOptionChoice,
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
} from 'discord.js';
import { type Quality, qualities } from '../works/quality.js';
import type { Showing } from './requests/request.js';
import { english } from './texts/english.js';
import { localizations, type Texts } from './texts/texts.js';

/** Parts of command definitions, with their texts in all languages. */

/** A description in English, and in the other languages. */
export function described(pick: (texts: Texts) => string) {
  return { description: pick(english), description_localizations: localizations(pick) };
}

/** A fixed choice for an option; people see its label, handlers its value. */
export function choices<Value extends string>(
  values: readonly Value[],
  label: (texts: Texts, value: Value) => string,
): APIApplicationCommandOptionChoice<string>[] {
  return values.map((value) => ({
    name: label(english, value),
    name_localizations: localizations((texts) => label(texts, value)),
    value,
  }));
}

/** An option that takes an uploaded picture. */
export function pictureOption(name: string, pick: (texts: Texts) => string, required = false) {
  return {
    type: ApplicationCommandOptionType.Attachment,
    name,
    ...described(pick),
    required,
    file_types: ['image'],
  } as const satisfies APIApplicationCommandOption;
}

/** The option that says how large and how careful something becomes. */
export const qualityOption = {
  type: ApplicationCommandOptionType.String,
  name: 'quality',
  ...described((texts) => texts.commands.quality),
  choices: choices(qualities, (texts, quality) => texts.qualities[quality]),
} as const satisfies APIApplicationCommandOption;

/** The options that say who sees a result, and how. */
export const showingOptions = [
  { type: ApplicationCommandOptionType.Boolean, name: 'private', ...described((texts) => texts.commands.private) },
  { type: ApplicationCommandOptionType.Boolean, name: 'spoiler', ...described((texts) => texts.commands.spoiler) },
] as const satisfies readonly APIApplicationCommandOption[];

/** What was chosen by {@link qualityOption}. */
export function chosenQuality({ options }: ChatInputCommandInteraction): Quality | undefined {
  return qualities.find((quality) => quality === options.getString('quality'));
}

/** What was chosen by {@link showingOptions}. */
export function chosenShowing({ options }: ChatInputCommandInteraction): Showing {
  return { private: options.getBoolean('private') ?? undefined, spoiler: options.getBoolean('spoiler') ?? undefined };
}

/** Where what works everywhere can be used: in servers and in direct messages, installed by a server or by a person. */
export const everywhere = {
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
};

/** Where what belongs to a server can be used. */
export const inServers = {
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};
