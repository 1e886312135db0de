import { words } from '../../playground/page/words/words.js';
import { againTexts } from '../../src/discord/kinds/again-modal.js';
import { kinds } from '../../src/discord/kinds/kinds.js';
import { labModalTexts } from '../../src/discord/kinds/lab-modal.js';
import { defaultsTexts } from '../../src/discord/texts/defaults-texts.js';
import { type Language, type Localized, languages } from '../../src/discord/texts/language.js';
import { sharedTexts } from '../../src/discord/texts/texts.js';
import { builtInPresets } from '../../src/presets/presets.js';
import { sampleValues } from './sample-values.js';

/** A text in all languages, as it reads with each of its sample values. */
export interface ShownText {
  /** Where the text stands, such as `bot.job.waiting`. */
  readonly path: string;
  readonly variants: Localized<readonly string[]>;
}

/** Returns every text that people see in Discord or in the playground, in the order in which they stand. */
export function allTexts(): readonly ShownText[] {
  const rooms: Readonly<Record<string, Localized<object>>> = {
    bot: sharedTexts,
    ...Object.fromEntries(kinds.map(({ texts }, index) => [`kind-${index + 1}`, texts])),
    again: againTexts,
    'lab-again': labModalTexts,
    defaults: defaultsTexts,
    presets: inLanguages((language) =>
      Object.fromEntries(
        builtInPresets().map(({ name, title, description }) => [
          name,
          { title: title[language], description: description[language] },
        ]),
      ),
    ),
    playground: { en: words['en-US'], de: words.de },
  };
  return Object.entries(rooms).flatMap(([room, texts]) => {
    const leaves = inLanguages((language) => new Map(leavesOf(texts[language], room)));
    const paths = new Set(languages.flatMap((language) => [...leaves[language].keys()]));
    return [...paths].map((path) => ({
      path,
      variants: inLanguages((language) => variantsOf(path, leaves[language].get(path))),
    }));
  });
}

function inLanguages<Value>(make: (language: Language) => Value): Localized<Value> {
  return { en: make('en'), de: make('de') };
}

/** Returns all texts and functions in a tree of texts, with their paths. */
function leavesOf(tree: object, path: string): readonly (readonly [path: string, leaf: unknown])[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    return typeof value === 'object' && value !== null
      ? leavesOf(value, `${path}.${key}`)
      : [[`${path}.${key}`, value] as const];
  });
}

/** Returns how a text reads with each value of its parameters, while the others have their first; each reading once. */
function variantsOf(path: string, leaf: unknown): readonly string[] {
  if (typeof leaf !== 'function') return leaf === undefined ? [] : [String(leaf)];
  const asked = new Set<string>();
  const say = (given: Readonly<Record<string, unknown>> = {}) => {
    const parameters = parametersOf(leaf, (name) => {
      asked.add(name);
      return name in given ? given[name] : sampleOf(path, name)[0];
    });
    return String(leaf(...parameters));
  };
  const first = say();
  const others = [...asked].flatMap((name) => sampleOf(path, name).map((value) => say({ [name]: value })));
  return [...new Set([first, ...others])];
}

/** Returns the values of a parameter. Errors carry everything as text, so theirs may be others. */
function sampleOf(path: string, name: string): readonly unknown[] {
  const keys = [...(path.includes('.errors.') ? [`errors.${name}`] : []), name];
  const known = keys.find((key) => Object.hasOwn(sampleValues, key));
  return (known === undefined ? undefined : sampleValues[known]) ?? [`«${name}»`];
}

/**
 * Makes the parameters that a function of the texts asks for: their names, or those of their fields, say which. Compilers add
 * numbers to names that stand elsewhere as well.
 */
// biome-ignore lint/complexity/noBannedTypes: a text may be a function of anything.
function parametersOf(text: Function, sample: (name: string) => unknown): readonly unknown[] {
  const [, listed, single] = /^\s*(?:\(([^)]*)\)|(\w+))\s*=>/.exec(String(text)) ?? [];
  const parameters = single ?? listed ?? '';
  const fields = new Proxy({}, { get: (_, name) => sample(String(name)) });
  if (parameters.trim().startsWith('{')) return [fields];
  return parameters
    .split(',')
    .map((name) => name.trim().replace(/\d+$/, ''))
    .filter((name) => name !== '')
    .map(sample);
}
