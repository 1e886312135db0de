import type { BaseInteraction } from 'discord.js';
import type { PresetReference } from '../jobs/job.js';
import { builtInPreset, builtInPresets, type Preset } from '../presets/presets.js';
import type { ServerStyles } from '../settings/server-styles.js';
import { isAgeRestricted } from './age-restriction.js';
import { serverOf } from './permissions.js';
import type { Texts } from './texts/texts.js';
import { UserError } from './user-error.js';

/** The preset that is taken where nobody chooses a style. */
export const defaultPreset: PresetReference = { name: 'white-walker' };

/** A style to choose from. */
export interface StyleOption {
  readonly reference: PresetReference;
  /** Name of the style in a person's language. */
  readonly title: string;
  readonly description: string;
}

/** Where styles are chosen. */
export interface StylePlace {
  /** The server whose styles there are; undefined outside of servers. */
  readonly guildId: string | undefined;
  /** Whether styles that were added in age-restricted channels may be seen. */
  readonly isAgeRestricted: boolean;
}

/** Returns the place in which somebody who interacts chooses styles. */
export function stylePlace(interaction: BaseInteraction): StylePlace {
  return { guildId: serverOf(interaction), isAgeRestricted: isAgeRestricted(interaction) };
}

/** The styles that can be chosen in a server: its own, and those that come with whitewalker. */
export class StyleChoice {
  readonly #serverStyles: ServerStyles;

  constructor(serverStyles: ServerStyles) {
    this.#serverStyles = serverStyles;
  }

  /** Returns all styles that a place has to choose from: the presets first, then the server's own. */
  options({ guildId, isAgeRestricted }: StylePlace, texts: Texts): readonly StyleOption[] {
    const builtIn = builtInPresets().map((preset) => builtInOption(preset, texts));
    const own = guildId === undefined ? [] : this.#serverStyles.list(guildId);
    return [
      ...builtIn,
      ...own
        .filter((style) => isAgeRestricted || !style.isAgeRestricted)
        .map(({ name }) => ({
          reference: { name, guildId },
          title: name,
          description: texts.styles.ofServer,
        })),
    ];
  }

  /**
   * Returns the style that a person means by a word: the value of a suggestion, a name or a title.
   * @throws UserError `unknown-preset` where there is no such style.
   */
  find(word: string, place: StylePlace, texts: Texts): PresetReference {
    const wanted = word.trim().toLowerCase();
    const found = this.options(place, texts).find(
      ({ reference, title }) =>
        optionValue(reference) === wanted || reference.name === wanted || title.toLowerCase() === wanted,
    );
    if (found === undefined) throw new UserError('unknown-preset', { name: word });
    return found.reference;
  }
}

/** Returns the name of a style in a person's language; undefined stands for a picture of the person's own. */
export function styleTitle(reference: PresetReference | undefined, texts: Texts): string {
  if (reference === undefined) return texts.ownStyle;
  const preset = reference.guildId === undefined ? builtInPreset(reference.name) : undefined;
  return preset === undefined ? reference.name : builtInOption(preset, texts).title;
}

/** Returns the settings of a transfer that a preset changes; server styles and a person's own pictures change none. */
export function tunedBy(preset: PresetReference | undefined): Preset['transfer'] {
  const name = preset && nameOfBuiltIn(preset);
  return name === undefined ? {} : (builtInPreset(name)?.transfer ?? {});
}

/** Returns the name of a preset that comes with whitewalker; undefined for other styles. */
export function nameOfBuiltIn({ name, guildId }: PresetReference): string | undefined {
  return guildId === undefined ? name : undefined;
}

/** Returns a style's value for suggestions and menus. It tells a server style from a preset of the same name. */
export function optionValue({ name, guildId }: PresetReference): string {
  return guildId === undefined ? name : `server/${name}`;
}

function builtInOption({ name, title, description }: Preset, { language }: Texts): StyleOption {
  return { reference: { name }, title: title[language], description: description[language] };
}
