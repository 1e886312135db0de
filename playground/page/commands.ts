import type { CommandView, Localizations, OptionView } from '../../src/playground/wire.js';
import { optionType } from './discord-numbers.js';
import type { PageState } from './store.js';

/** A command as it is chosen: with its subcommand, if it has any. */
export interface CommandEntry {
  readonly command: CommandView;
  readonly subcommand: readonly string[];
  /** The whole name as people see it, without the slash. */
  readonly title: string;
  readonly description: string;
  readonly options: readonly OptionView[];
}

interface Named {
  readonly name: string;
  readonly name_localizations?: Localizations;
}

export function nameIn(language: string, { name, name_localizations }: Named): string {
  return name_localizations?.[language] ?? name;
}

export function descriptionIn(
  language: string,
  { description, description_localizations }: Pick<OptionView, 'description' | 'description_localizations'>,
): string {
  return description_localizations?.[language] ?? description;
}

/** Returns the commands of a type that the present person finds in the present channel. */
export function commandsHere({ commands, me, channel }: PageState, type: number): readonly CommandView[] {
  const usable = commands.usable[`${me} ${channel}`] ?? [];
  return commands.all.filter((command) => command.type === type && usable.includes(command.id));
}

/** Returns everything that can be chosen of a slash command: the command itself, or each of its subcommands. */
export function entriesOf(command: CommandView, language: string): readonly CommandEntry[] {
  const { options = [] } = command;
  const within = (
    part: CommandView | OptionView,
    path: readonly string[],
    titles: readonly string[],
  ): readonly CommandEntry[] => {
    const nested = (part.options ?? []).filter(isSubcommand);
    if (nested.length > 0) {
      return nested.flatMap((each) => within(each, [...path, each.name], [...titles, nameIn(language, each)]));
    }
    return [
      {
        command,
        subcommand: path,
        title: titles.join(' '),
        description: descriptionIn(language, part),
        options: part.options ?? [],
      },
    ];
  };
  return within({ ...command, options }, [], [nameIn(language, command)]);
}

function isSubcommand({ type }: OptionView): boolean {
  return type === optionType.subcommand || type === optionType.group;
}
