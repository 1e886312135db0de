import {
  type APIApplicationCommandOption,
  type APIApplicationCommandOptionChoice,
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
} from 'discord.js';
import { type Quality, qualities } from '../works/quality.js';
import { isSpoiler } from './attached-picture.js';
import type { Showing } from './kinds/request.js';
import { type Localized, localizations } from './texts/language.js';
import { sharedTexts } from './texts/texts.js';

/** This file has the parts that command definitions share, with their texts in all languages. */

/** Returns the description of a command or an option, in English and in the other languages. */
export function described<T>(texts: Localized<T>, pick: (texts: T) => string) {
  return { description: pick(texts.en), description_localizations: localizations(texts, pick) };
}

/**
 * Returns a function that gives the descriptions of one command's parts by their keys.
 * @param pick - takes the command's descriptions out of all texts of a language.
 */
export function describer<T, Key extends string>(
  texts: Localized<T>,
  pick: (texts: T) => Readonly<Record<Key, string>>,
) {
  return (key: Key) => described(texts, (all) => pick(all)[key]);
}

/** A description in all languages, as {@link described} returns it. */
export type Described = ReturnType<typeof described>;

/** Returns the fixed choices of an option; people see a choice's label, handlers get its value. */
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

/** Returns an option that takes an uploaded picture. */
export function pictureOption(name: string, description: Described, required = false) {
  return {
    type: ApplicationCommandOptionType.Attachment,
    name,
    ...description,
    required,
    file_types: ['image'],
  } as const satisfies APIApplicationCommandOption;
}

/** The option for a picture's quality: how large it becomes, and how carefully it is painted. */
export const qualityOption = {
  type: ApplicationCommandOptionType.String,
  name: 'quality',
  ...described(sharedTexts, ({ commands }) => commands.quality),
  choices: choices(qualities, sharedTexts, (texts) => texts.qualities),
} as const satisfies APIApplicationCommandOption;

/** The options for who sees a result, and whether it is hidden behind a spoiler. */
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

/** Returns the quality that was chosen by the {@link qualityOption}; undefined where none was. */
export function chosenQuality({ options }: ChatInputCommandInteraction): Quality | undefined {
  return qualities.find((quality) => quality === options.getString('quality'));
}

/**
 * Returns what was chosen by the {@link showingOptions}; an option that was left out is undefined, but for the spoiler
 * where a picture was uploaded as one.
 */
export function chosenShowing({ options }: ChatInputCommandInteraction): Showing {
  const isOfSpoiler = options.resolved?.attachments?.some(isSpoiler) ?? false;
  return {
    private: options.getBoolean('private') ?? undefined,
    spoiler: options.getBoolean('spoiler') ?? (isOfSpoiler || undefined),
  };
}

/** Contexts for commands that work in servers and in direct messages, installed by a server or by a person. */
export const everywhere = {
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
};

/** Contexts for commands that work in servers only. */
export const inServers = {
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};
