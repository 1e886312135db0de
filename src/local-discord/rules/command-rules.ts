import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  Locale,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { Problem } from '../api-error.js';

type Command = RESTPostAPIApplicationCommandsJSONBody;

const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const locales = new Set<string>(Object.values(Locale));
const mostOptions = 25;
const mostCharacters = 8_000;
const mostCommands: Readonly<Record<number, number>> = {
  [ApplicationCommandType.ChatInput]: 100,
  [ApplicationCommandType.User]: 15,
  [ApplicationCommandType.Message]: 15,
};

/** Returns what is wrong with a list of commands that replaces all earlier ones. */
export function commandListProblems(commands: readonly Command[]): Problem[] {
  const problems = commands.flatMap((command, index) => commandProblems(command, String(index)));
  const seen = new Set<string>();
  for (const [index, command] of commands.entries()) {
    const key = `${command.type ?? 1} ${command.name}`;
    if (seen.has(key)) problems.push({ path: `${index}.name`, message: `"${command.name}" is there twice` });
    seen.add(key);
  }
  return [...problems, ...commandCountProblems(commands)];
}

/** Returns what is wrong with the number of commands of each type. */
export function commandCountProblems(commands: readonly Pick<Command, 'type'>[]): Problem[] {
  return Object.entries(mostCommands).flatMap(([type, most]) => {
    const count = commands.filter(
      (command) => (command.type ?? ApplicationCommandType.ChatInput) === Number(type),
    ).length;
    return count > most ? [{ path: '', message: `${count} commands of type ${type}, ${most} are allowed` }] : [];
  });
}

/** Returns what is wrong with one command. `path` is where it stands in the body; empty for the body itself. */
export function commandProblems(command: Command, path: string): Problem[] {
  const problems: Problem[] = [];
  const at = (key: string) => (path ? `${path}.${key}` : key);
  const isSlashCommand = (command.type ?? ApplicationCommandType.ChatInput) === ApplicationCommandType.ChatInput;
  const options = 'options' in command ? (command.options ?? []) : [];
  const description = 'description' in command ? command.description : undefined;
  const named: Named & Described = { ...command, description } as Named & Described;
  if (isSlashCommand) {
    problems.push(...nameProblems(named, path), ...descriptionProblems(named, path));
  } else {
    if (!command.name || command.name.length > 32)
      problems.push({ path: at('name'), message: 'must have 1 to 32 characters' });
    if (description) problems.push({ path: at('description'), message: 'menus have no description' });
    if (options.length > 0) problems.push({ path: at('options'), message: 'menus have no options' });
    problems.push(...localeProblems(command.name_localizations, at('name_localizations')));
  }
  problems.push(...optionListProblems(options, at('options'), 0));
  const characters = charactersOf({ ...named, options });
  if (characters > mostCharacters) {
    problems.push({ path, message: `has ${characters} characters in all, ${mostCharacters} are allowed` });
  }
  return problems;
}

interface Named {
  readonly name?: string | undefined;
  readonly name_localizations?: Readonly<Record<string, string | null>> | null | undefined;
}

interface Described {
  readonly description?: string | undefined;
  readonly description_localizations?: Readonly<Record<string, string | null>> | null | undefined;
}

function nameProblems(named: Named, path: string): Problem[] {
  const at = (key: string) => (path ? `${path}.${key}` : key);
  const check = (name: string | null | undefined, fieldPath: string): Problem[] => {
    if (name === null) return [];
    if (!name || !namePattern.test(name))
      return [{ path: fieldPath, message: `${JSON.stringify(name)} is no valid name` }];
    return name === name.toLowerCase() ? [] : [{ path: fieldPath, message: `"${name}" must be in lower case` }];
  };
  const localized = Object.entries(named.name_localizations ?? {});
  return [
    ...check(named.name, at('name')),
    ...localized.flatMap(([locale, name]) => check(name, `${at('name_localizations')}.${locale}`)),
    ...localeProblems(named.name_localizations, at('name_localizations')),
  ];
}

function descriptionProblems(described: Described, path: string): Problem[] {
  const at = (key: string) => (path ? `${path}.${key}` : key);
  const check = (text: string | null | undefined, fieldPath: string): Problem[] =>
    text === null || (text && text.length <= 100)
      ? []
      : [{ path: fieldPath, message: `must have 1 to 100 characters, has ${text?.length ?? 0}` }];
  const localized = Object.entries(described.description_localizations ?? {});
  return [
    ...check(described.description ?? '', at('description')),
    ...localized.flatMap(([locale, text]) => check(text, `${at('description_localizations')}.${locale}`)),
    ...localeProblems(described.description_localizations, at('description_localizations')),
  ];
}

function localeProblems(localizations: object | null | undefined, path: string): Problem[] {
  return Object.keys(localizations ?? {})
    .filter((locale) => !locales.has(locale))
    .map((locale) => ({ path: `${path}.${locale}`, message: `"${locale}" is no language of Discord` }));
}

function optionListProblems(options: readonly APIApplicationCommandOption[], path: string, depth: number): Problem[] {
  const problems: Problem[] = [];
  if (options.length > mostOptions) problems.push({ path, message: `${options.length} options, 25 are allowed` });
  const names = options.map(({ name }) => name);
  if (new Set(names).size < names.length) problems.push({ path, message: 'two options have the same name' });
  const subcommands = options.filter(isSubcommand);
  if (subcommands.length > 0 && subcommands.length < options.length) {
    problems.push({ path, message: 'subcommands cannot stand beside other options' });
  }
  let hasOptional = false;
  for (const [index, option] of options.entries()) {
    const optionPath = `${path}.${index}`;
    problems.push(...nameProblems(option, optionPath), ...descriptionProblems(option, optionPath));
    if (isSubcommand(option)) {
      const isGroup = option.type === ApplicationCommandOptionType.SubcommandGroup;
      if (depth > (isGroup ? 0 : 1)) problems.push({ path: optionPath, message: 'is nested too deeply' });
      problems.push(...optionListProblems(option.options ?? [], `${optionPath}.options`, isGroup ? depth + 1 : 2));
      continue;
    }
    if (option.required && hasOptional) {
      problems.push({ path: `${optionPath}.required`, message: 'required options must stand before optional ones' });
    }
    hasOptional ||= !option.required;
    problems.push(...valueProblems(option, optionPath));
  }
  return problems;
}

function isSubcommand(option: APIApplicationCommandOption) {
  return (
    option.type === ApplicationCommandOptionType.Subcommand ||
    option.type === ApplicationCommandOptionType.SubcommandGroup
  );
}

/** Returns what is wrong with the values that an option allows: its choices and limits. */
function valueProblems(option: APIApplicationCommandBasicOption, path: string): Problem[] {
  const problems: Problem[] = [];
  const choices = 'choices' in option ? (option.choices ?? []) : [];
  if (choices.length > 25)
    problems.push({ path: `${path}.choices`, message: `${choices.length} choices, 25 are allowed` });
  for (const [index, { name, value, name_localizations }] of choices.entries()) {
    const choicePath = `${path}.choices.${index}`;
    if (!name || name.length > 100)
      problems.push({ path: `${choicePath}.name`, message: 'must have 1 to 100 characters' });
    if (typeof value === 'string' && value.length > 100) {
      problems.push({ path: `${choicePath}.value`, message: 'must have at most 100 characters' });
    }
    const isText = option.type === ApplicationCommandOptionType.String;
    if ((typeof value === 'string') !== isText) {
      problems.push({ path: `${choicePath}.value`, message: `is not of the option's type` });
    }
    problems.push(...localeProblems(name_localizations, `${choicePath}.name_localizations`));
  }
  if (new Set(choices.map(({ name }) => name)).size < choices.length) {
    problems.push({ path: `${path}.choices`, message: 'two choices have the same name' });
  }
  if ('autocomplete' in option && option.autocomplete && choices.length > 0) {
    problems.push({ path: `${path}.autocomplete`, message: 'an option has choices or autocompletion, not both' });
  }
  const [least, most] = [
    'min_value' in option ? option.min_value : 'min_length' in option ? option.min_length : undefined,
    'max_value' in option ? option.max_value : 'max_length' in option ? option.max_length : undefined,
  ];
  if (least !== undefined && most !== undefined && least > most) {
    problems.push({ path, message: `its minimum ${least} is more than its maximum ${most}` });
  }
  return problems;
}

/** Counts characters towards a command's limit of 8000; of a text and its translations only the longest counts. */
function charactersOf(part: Named & Described & { readonly options?: readonly APIApplicationCommandOption[] }): number {
  const longest = (text: string | undefined, localized: Readonly<Record<string, string | null>> | null | undefined) =>
    Math.max(text?.length ?? 0, ...Object.values(localized ?? {}).map((each) => each?.length ?? 0));
  const own = longest(part.name, part.name_localizations) + longest(part.description, part.description_localizations);
  const inside = (part.options ?? []).map((option) => {
    const choices = 'choices' in option ? (option.choices ?? []) : [];
    const inChoices = choices.map(({ name, value }) => name.length + (typeof value === 'string' ? value.length : 0));
    const nested = 'options' in option ? (option.options ?? []) : [];
    return charactersOf({ ...option, options: nested }) + inChoices.reduce((sum, length) => sum + length, 0);
  });
  return inside.reduce((sum, length) => sum + length, own);
}
