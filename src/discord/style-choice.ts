import type { BaseInteraction } from 'discord.js';
import { keeperOf, type PresetReference } from '../jobs/job.js';
import { builtInPreset, builtInPresets, type Preset } from '../presets/presets.js';
import type { KeptStyles, StyleKeeper } from '../settings/kept-styles.js';
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
  /** What it is not for; undefined: nothing that is known. */
  readonly warning?: string | undefined;
}

/** Names a kept style. */
interface KeptStyleName {
  readonly name: string;
  readonly keeper: StyleKeeper;
}

/** Where styles are chosen, and by whom. */
export interface StylePlace {
  /** The person whose own styles there are. */
  readonly personId: string;
  /** The server whose styles there are; undefined outside of servers. */
  readonly guildId: string | undefined;
  /** Whether styles that were added in age-restricted channels may be seen. */
  readonly isAgeRestricted: boolean;
}

/** Returns the place in which somebody who interacts chooses styles. */
export function stylePlace(interaction: BaseInteraction): StylePlace {
  return {
    personId: interaction.user.id,
    guildId: serverOf(interaction),
    isAgeRestricted: isAgeRestricted(interaction),
  };
}

/** The styles that somebody can choose from: those that come with whitewalker, their own, and the server's. */
export class StyleChoice {
  readonly #keptStyles: KeptStyles;

  constructor(keptStyles: KeptStyles) {
    this.#keptStyles = keptStyles;
  }

  /** Returns all styles that a place has to choose from: the presets first, then those that are kept. */
  options(place: StylePlace, texts: Texts): readonly StyleOption[] {
    const builtIn = builtInPresets().map((preset) => builtInOption(preset, texts));
    const { ofPerson, ofServer } = texts.styles;
    const kept = this.kept(place).map(({ name, keeper }) => ({
      reference: { name, ...keeper },
      title: name,
      description: 'personId' in keeper ? ofPerson : ofServer,
    }));
    return [...builtIn, ...kept];
  }

  /** Returns the kept styles that a place has: the person's own first, then the server's. */
  kept({ personId, guildId, isAgeRestricted }: StylePlace): readonly KeptStyleName[] {
    const keepers: readonly StyleKeeper[] = [{ personId }, ...(guildId === undefined ? [] : [{ guildId }])];
    return keepers.flatMap((keeper) =>
      this.#keptStyles
        .list(keeper)
        .filter((style) => isAgeRestricted || !style.isAgeRestricted)
        .map(({ name }) => ({ name, keeper })),
    );
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
  const name = nameOfBuiltIn(reference);
  const preset = name === undefined ? undefined : builtInPreset(name);
  return preset === undefined ? reference.name : builtInOption(preset, texts).title;
}

/** Returns the settings of a transfer that a preset changes; kept styles and a person's own pictures change none. */
export function tunedBy(preset: PresetReference | undefined): Preset['transfer'] {
  const name = preset && nameOfBuiltIn(preset);
  return name === undefined ? {} : (builtInPreset(name)?.transfer ?? {});
}

/** Returns the name of a preset that comes with whitewalker; undefined for other styles. */
export function nameOfBuiltIn(reference: PresetReference): string | undefined {
  return keeperOf(reference) ? undefined : reference.name;
}

/** Returns whether two references name the same style of the same keeper. */
export function isSameStyle(first: PresetReference, second: PresetReference | undefined): boolean {
  return first.name === second?.name && first.guildId === second.guildId && first.personId === second.personId;
}

/** Returns a style's value for suggestions and menus. It tells kept styles from a preset of the same name. */
export function optionValue({ name, guildId, personId }: PresetReference): string {
  if (personId !== undefined) return `own/${name}`;
  return guildId === undefined ? name : `server/${name}`;
}

function builtInOption(
  { name, title, description, losesSmallFaces }: Preset,
  { language, styles }: Texts,
): StyleOption {
  const warning = losesSmallFaces ? styles.losesSmallFaces : undefined;
  return { reference: { name }, title: title[language], description: description[language], warning };
}
