import type { LocalizationMap } from 'discord.js';
import type { ErrorContext } from '../user-error.js';
import { english, type Texts } from './english.js';
import { german } from './german.js';

export type { Texts };

/** The languages there are besides English, by the locales that Discord knows them by. */
const others = { de: german } as const satisfies Partial<Record<keyof LocalizationMap, Texts>>;

/** The texts for a locale such as `de` or `en-GB`; English where there are none. */
export function textsFor(locale: string): Texts {
  return new Map<string, Texts>(Object.entries(others)).get(locale) ?? english;
}

/** One text in all languages but English, as command definitions take them. */
export function localizations(pick: (texts: Texts) => string): LocalizationMap {
  return Object.fromEntries(Object.entries<Texts>(others).map(([locale, texts]) => [locale, pick(texts)]));
}

/** What a person is told for a code. An unknown one is told in the sentence that came with it, or as unexpected. */
export function errorText(texts: Texts, code: string, context: ErrorContext = {}): string {
  const text = texts.errors[code]?.(context) ?? context.message ?? texts.errors.unexpected?.({ id: '—', ...context });
  const which = texts.whichPicture[String(context.input ?? '')];
  return which === undefined ? String(text) : `**${which}:** ${text}`;
}
