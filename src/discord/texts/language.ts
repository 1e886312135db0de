import type { LocalizationMap } from 'discord.js';

/** The languages that the bot speaks, by the keys that presets have their texts under. All but English are locales of Discord, too. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** The same thing in every language. */
export type Localized<T> = Readonly<Record<Language, T>>;

/** Texts in all languages. The English ones say which texts there are, and the compiler asks for them in the others. */
export function inAllLanguages<T>(
  texts: { readonly en: T } & Readonly<Record<Exclude<Language, 'en'>, NoInfer<T>>>,
): Localized<T> {
  return texts;
}

/** The language for a locale such as `de` or `en-GB`; English where the bot doesn't speak it. */
export function languageOf(locale: string): Language {
  return languages.find((language) => language === locale) ?? 'en';
}

/** One text in all languages but English, as command definitions take them. */
export function localizations<T>(texts: Localized<T>, pick: (texts: T) => string): LocalizationMap {
  const others = languages.filter((language) => language !== 'en');
  return Object.fromEntries(others.map((language) => [language, pick(texts[language])]));
}

/** "1 picture", "2 pictures": a number with its noun. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A time, in milliseconds since 1970, that Discord shows everybody in their own words and zone: "in 2 minutes". */
export function relativeTime(time: number): string {
  return `<t:${Math.round(time / 1000)}:R>`;
}
