import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js';
import type { InputSource, PresetReference } from '../jobs/job.js';
import { attachedPicture } from './attached-picture.js';
import type { BotServices } from './bot-services.js';
import { type Described, pictureOption } from './definitions.js';
import { defaultPreset, optionValue, stylePlace } from './style-choice.js';
import { textsFor } from './texts/texts.js';
import { UserError } from './user-error.js';

/** Most suggestions that Discord shows. */
const mostSuggestions = 25;

/**
 * Returns the options that a style is chosen by: a picture of one's own, or a preset.
 * @param about - gives the description of each.
 */
export function styleOptions(
  about: (key: 'style' | 'preset') => Described,
): readonly APIApplicationCommandBasicOption[] {
  return [
    pictureOption('style', about('style')),
    { type: ApplicationCommandOptionType.String, name: 'preset', ...about('preset'), autocomplete: true },
  ];
}

/** A style that somebody chose. */
export interface ChosenStyle {
  readonly style: InputSource;
  /** The preset or kept style; undefined for a picture of the person's own. */
  readonly preset: PresetReference | undefined;
}

/** The style that is taken where nobody chooses one. */
export const usualStyle: ChosenStyle = { style: { kind: 'preset', preset: defaultPreset }, preset: defaultPreset };

/**
 * Returns the style that was chosen by the {@link styleOptions}; undefined where none was.
 * @throws UserError where both options were given, where there is no such preset, and where the picture is too large.
 */
export function chosenStyle(interaction: ChatInputCommandInteraction, bot: BotServices): ChosenStyle | undefined {
  const { options } = interaction;
  const picture = options.getAttachment('style');
  const word = options.getString('preset');
  if (picture !== null && word !== null) throw new UserError('style-or-preset');
  if (picture !== null) return { style: attachedPicture(picture, bot), preset: undefined };
  if (word === null) return undefined;
  const preset = bot.styles.find(word, stylePlace(interaction), textsFor(interaction.locale));
  return { style: { kind: 'preset', preset }, preset };
}

/** Suggests the styles whose name or title contains what was typed so far. */
export async function suggestPresets(interaction: AutocompleteInteraction, bot: BotServices): Promise<void> {
  const typed = interaction.options.getFocused().trim().toLowerCase();
  const found = bot.styles
    .options(stylePlace(interaction), textsFor(interaction.locale))
    .filter(({ reference, title }) => reference.name.includes(typed) || title.toLowerCase().includes(typed));
  await interaction.respond(
    found.slice(0, mostSuggestions).map(({ reference, title, description }) => ({
      // A style of one's own may have the name of one of the server's.
      name: reference.personId === undefined ? title : `${title} · ${description}`,
      value: optionValue(reference),
    })),
  );
}
