import type { ErrorContext } from '../../coded-error.js';
import { english, type Texts } from './english.js';
import { german } from './german.js';
import { type Localized, languageOf } from './language.js';

export type { Texts };

/** The texts for all kinds of orders, in all languages; those of one kind alone stand with that kind in kinds/. */
export const sharedTexts: Localized<Texts> = { en: english, de: german };

/** Returns the texts for a locale such as `de` or `en-GB`; the English ones where there are none. */
export function textsFor(locale: string): Texts {
  return sharedTexts[languageOf(locale)];
}

/**
 * Returns what a person is told for the code of an error. For an unknown code, that is the sentence that came with the
 * error, or the text of `unexpected`.
 */
export function errorText(texts: Texts, code: string, context: ErrorContext = {}): string {
  return String(texts.errors[code]?.(context) ?? context.message ?? texts.errors.unexpected?.({ id: '—', ...context }));
}
