import {
  type APIApplicationCommandOption,
  type APIApplicationCommandOptionChoice,
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
} from 'discord.js';
import { type Quality, qualities } from '../works/quality.js';
import type { Showing } from './kinds/request.js';
import { type Localized, localizations } from './texts/language.js';
import { sharedTexts } from './texts/texts.js';

/** Parts of command definitions, with their texts in all languages. */

/** A description in English, and in the other languages. */
export function described<T>(texts: Localized<T>, pick: (texts: T) => string) {
  return { description: pick(texts.en), description_localizations: localizations(texts, pick) };
}

/**
 * Descriptions by their keys, for the parts of one command.
 * @param pick - the texts of the command among all that are given.
 */
export function describer<T, Key extends string>(
  texts: Localized<T>,
  pick: (texts: T) => Readonly<Record<Key, string>>,
) {
  return (key: Key) => described(texts, (all) => pick(all)[key]);
}

/** What {@link described} gives. */
export type Described = ReturnType<typeof described>;

/** A fixed choice for an option; people see its label, handlers its value. */
export function choices<T, Value extends string>(
  values: readonly Value[],
  texts: Localized<T>,
  labels: (texts: T) => Readonly<Record<Value, string>>,
): APIApplicationCommandOptionChoice<string>[] {
  return values.map((value) => ({
    name: labels(texts.en)[value],
    name_localizations: localizations(texts, (all) => labels(all)[value]),
    value,
  }));
}

/** An option that takes an uploaded picture. */
export function pictureOption(name: string, description: Described, required = false) {
  return {
    type: ApplicationCommandOptionType.Attachment,
    name,
    ...description,
    required,
    file_types: ['image'],
  } as const satisfies APIApplicationCommandOption;
}

/** The option that says how large and how careful something becomes. */
export const qualityOption = {
  type: ApplicationCommandOptionType.String,
  name: 'quality',
  ...described(sharedTexts, ({ commands }) => commands.quality),
  choices: choices(qualities, sharedTexts, (texts) => texts.qualities),
} as const satisfies APIApplicationCommandOption;

/** The options that say who sees a result, and how. */
export const showingOptions = [
  {
    type: ApplicationCommandOptionType.Boolean,
    name: 'private',
    ...described(sharedTexts, ({ commands }) => commands.private),
  },
  {
    type: ApplicationCommandOptionType.Boolean,
    name: 'spoiler',
    ...described(sharedTexts, ({ commands }) => commands.spoiler),
  },
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
