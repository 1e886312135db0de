import type { ErrorContext } from '../../coded-error.js';
import { english, type Texts } from './english.js';
import { german } from './german.js';
import { type Localized, languageOf } from './language.js';

export type { Texts };

/** What the bot says whatever the kind of order; what it says of one kind alone stands with that in kinds/. */
export const sharedTexts: Localized<Texts> = { en: english, de: german };

/** The texts for a locale such as `de` or `en-GB`; English where there are none. */
export function textsFor(locale: string): Texts {
  return sharedTexts[languageOf(locale)];
}

/** What a person is told for a code. An unknown one is told in the sentence that came with it, or as unexpected. */
export function errorText(texts: Texts, code: string, context: ErrorContext = {}): string {
  const text = texts.errors[code]?.(context) ?? context.message ?? texts.errors.unexpected?.({ id: '—', ...context });
  const which = texts.whichPicture[String(context.input ?? '')];
  return which === undefined ? String(text) : `**${which}:** ${text}`;
}
