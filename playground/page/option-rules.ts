import type { ChannelView, GivenValue, OptionView } from '../../src/playground/wire.js';
import { nameIn } from './commands.js';
import { optionType } from './discord-numbers.js';
import type { PageState } from './store.js';
import type { Words } from './words/english.js';

/** A file that was chosen: one of the visitor's, or one of the example pictures by its name. */
export type ChosenFile = File | { readonly example: string };

/** What stands in the field of an option. */
export interface Field {
  readonly text: string;
  /** What was chosen of a list, until the text is changed. */
  readonly chosen?: GivenValue | undefined;
  readonly file?: ChosenFile | undefined;
}

/** The fields of a command, by the names of options. */
export type Fields = Readonly<Record<string, Field>>;

export const emptyField: Field = { text: '' };

/** Something to choose for an option. */
export interface Suggestion {
  readonly label: string;
  readonly value: GivenValue;
}

export function nameOfFile(file: ChosenFile): string {
  return 'example' in file ? file.example : file.name;
}

/** Returns all that can be chosen for an option; undefined where anything can be typed, or the bot suggests. */
export function suggestionsFor(
  option: OptionView,
  { people, channels, channel, roles }: PageState,
  words: Words,
  language: string,
): readonly Suggestion[] | undefined {
  const here = channels.find(({ id }) => id === channel);
  const persons = people
    .filter(({ id, role }) => role === 'bot' || here?.people.includes(id))
    .map(({ id, name }) => ({ label: `@${name}`, value: { id } }));
  const ranks = roles.map(({ id, name }) => ({ label: `@${name.replace(/^@/, '')}`, value: { id } }));
  switch (option.type) {
    case optionType.boolean:
      return [
        { label: words.true, value: true },
        { label: words.false, value: false },
      ];
    case optionType.user:
      return persons;
    case optionType.role:
      return ranks;
    case optionType.mentionable:
      return [...persons, ...ranks];
    case optionType.channel:
      return channels
        .filter(({ kind }) => kind === 'server')
        .map(({ id, name }) => ({ label: `#${name}`, value: { id } }));
    default:
      return option.choices?.map((choice) => ({ label: nameIn(language, choice), value: choice.value }));
  }
}

/** What an option's field comes to: a value to send, nothing, or a problem, in the words of Discord's client. */
export type Judged = { readonly value?: GivenValue; readonly file?: ChosenFile; readonly problem?: string };

export function judge(
  option: OptionView,
  field: Field,
  suggestions: readonly Suggestion[] | undefined,
  words: Words,
  uploadLimit: number,
): Judged {
  if (option.type === optionType.attachment) {
    if (!field.file) return option.required ? { problem: words.required } : {};
    const problem = problemOfFile(field.file, option.file_types, uploadLimit, words);
    return problem === undefined ? { file: field.file } : { problem };
  }
  if (field.chosen !== undefined) return { value: field.chosen };
  const text = field.text.trim();
  if (text === '') return option.required ? { problem: words.required } : {};
  if (suggestions) {
    const meant = suggestions.find(({ label }) => label.toLowerCase() === text.toLowerCase());
    return meant ? { value: meant.value } : { problem: wrongChoice(option.type, words) };
  }
  return option.type === optionType.string ? judgeText(option, field.text, words) : judgeNumber(option, text, words);
}

/** Returns why Discord's client does not upload a file; undefined where it does. It goes by the name alone. */
export function problemOfFile(
  file: ChosenFile,
  types: readonly string[] | undefined,
  uploadLimit: number,
  words: Words,
): string | undefined {
  if ('example' in file) return undefined;
  if (file.size > uploadLimit) return words.tooLarge(uploadLimit / 2 ** 20);
  const kind = file.type.split('/')[0];
  const extension = /\.[^.]*$/.exec(file.name)?.[0]?.toLowerCase();
  const fits = !types || types.length === 0 || types.some((type) => type === kind || type === extension);
  return fits ? undefined : words.badFileType(types.join(', '));
}

function judgeText({ min_length = 0, max_length = 6000 }: OptionView, text: string, words: Words): Judged {
  if (text.length < min_length) return { problem: words.fewest(min_length) };
  return text.length > max_length ? { problem: words.longest(max_length) } : { value: text };
}

function judgeNumber(option: OptionView, text: string, words: Words): Judged {
  const number = Number(text.replace(',', '.'));
  const { min_value, max_value } = option;
  if (option.type === optionType.integer && !Number.isInteger(number)) return { problem: words.badInteger };
  if (!Number.isFinite(number)) return { problem: words.badNumber };
  if (min_value !== undefined && number < min_value) return { problem: words.least(min_value) };
  if (max_value !== undefined && number > max_value) return { problem: words.most(max_value) };
  return { value: number };
}

function wrongChoice(type: number, words: Words): string {
  switch (type) {
    case optionType.boolean:
      return words.badBoolean;
    case optionType.user:
      return words.badUser;
    case optionType.channel:
      return words.badChannel;
    case optionType.role:
    case optionType.mentionable:
      return words.badRole;
    default:
      return words.badChoice;
  }
}

/** Size that files may have in a channel, in bytes; Discord's usual one where there is no channel. */
export function uploadLimitOf(channel: ChannelView | undefined): number {
  return channel?.uploadLimit ?? 10 * 2 ** 20;
}
