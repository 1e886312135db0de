/**
 * Returns a function for a language that gives a number with what it counts in the right form: "1 attachment",
 * "2 attachments". The page shares nothing with the bot, so it has this for itself.
 */
export function counter(language: string) {
  const rules = new Intl.PluralRules(language);
  return (number: number, one: string, other: string) => `${number} ${rules.select(number) === 'one' ? one : other}`;
}
