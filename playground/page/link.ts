import type { CommandEntry } from './commands.js';
import type { Fields } from './option-rules.js';

/** A command with options, as a link to the page has it: `#/whitewalker?preset=wildfire`. */
export interface CommandLink {
  /** The command's name and those of group and subcommand, with slashes between. */
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Returns the command that a link leads to; undefined where it leads to none. */
export function readAddress(hash: string): CommandLink | undefined {
  const [, path, query = ''] = /^#\/([^?]+)(?:\?(.*))?$/.exec(hash) ?? [];
  if (path === undefined) return undefined;
  return { path: decodeURIComponent(path), values: Object.fromEntries(new URLSearchParams(query)) };
}

/** Returns the link to a command that is being written. Files are not in it. */
export function addressOf({ command, subcommand }: CommandEntry, fields: Fields): string {
  const texts = Object.entries(fields).flatMap(([name, { text, chosen }]) => {
    const value = typeof chosen === 'string' || typeof chosen === 'number' ? String(chosen) : text;
    return value === '' ? [] : [[name, value]];
  });
  const query = new URLSearchParams(texts).toString();
  const path = [command.name, ...subcommand].map(encodeURIComponent).join('/');
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}
