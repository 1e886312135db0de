import type { LocalizationMap } from 'discord.js';

/** The languages that the bot speaks, by the keys of presets' texts. All but English are locales of Discord, too. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** A thing in every language that the bot speaks. */
export type Localized<T> = Readonly<Record<Language, T>>;

/** Returns texts in all languages. The English ones say which there are; the compiler asks for them in the others. */
export function inAllLanguages<T>(
  texts: { readonly en: T } & Readonly<Record<Exclude<Language, 'en'>, NoInfer<T>>>,
): Localized<T> {
  return texts;
}

/** Returns the language for a locale such as `de` or `en-GB`; English where the bot doesn't speak it. */
export function languageOf(locale: string): Language {
  return languages.find((language) => language === locale) ?? 'en';
}

/** Returns one text in all languages but English, as command definitions take it. */
export function localizations<T>(texts: Localized<T>, pick: (texts: T) => string): LocalizationMap {
  const others = languages.filter((language) => language !== 'en');
  return Object.fromEntries(others.map((language) => [language, pick(texts[language])]));
}

/** Returns a function for a language that chooses the words that go with a number: "it" for one, "them" for others. */
export function pluralChooser(language: Language) {
  const rules = new Intl.PluralRules(language);
  return (number: number, one: string, other: string) => (rules.select(number) === 'one' ? one : other);
}

/** Returns a function for a language that gives a number with its noun in the right form: "1 picture", "2 pictures". */
export function counter(language: Language) {
  const choose = pluralChooser(language);
  const format = new Intl.NumberFormat(language, { useGrouping: false });
  return (number: number, one: string, other = `${one}s`) => `${format.format(number)} ${choose(number, one, other)}`;
}

/** Returns a function for a language that gives a span of time in a fitting unit: "90 seconds", "5 minutes". */
export function spanner(
  language: Language,
  units: Readonly<Record<'second' | 'minute' | 'hour', readonly [one: string, other: string]>>,
) {
  const counted = counter(language);
  return (seconds: number) => {
    if (seconds < 120) return counted(Math.round(seconds), ...units.second);
    return seconds < 7200
      ? counted(Math.round(seconds / 60), ...units.minute)
      : counted(Math.round(seconds / 3600), ...units.hour);
  };
}

/** Returns a time in milliseconds since 1970 as Discord shows it in everybody's own words and zone: "in 2 minutes". */
export function relativeTime(time: number): string {
  return `<t:${Math.round(time / 1000)}:R>`;
}

/** Returns a time in milliseconds since 1970 as Discord shows it in everybody's own zone, as a day and an hour. */
export function dayAndTime(time: number): string {
  return `<t:${Math.round(time / 1000)}:f>`;
}
