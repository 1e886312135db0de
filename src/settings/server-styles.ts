import { CodedError, type ErrorContext } from '../coded-error.js';
import type { Database } from '../database/database.js';
import { bytes, integer, text } from '../database/row.js';

/** A server's style as it is listed, without pictures. */
export interface ServerStyle {
  readonly name: string;
  /** Discord id of the person who added the style. */
  readonly createdBy: string;
  /** When the style was added, in milliseconds since 1970. */
  readonly createdAt: number;
  /** Whether it was added in an age-restricted channel, and so is not to be seen elsewhere. */
  readonly isAgeRestricted: boolean;
}

/** A style to be added, with its pictures as files. */
export interface NewServerStyle {
  /** Name of the style, which {@link normaliseStyleName} accepts. */
  readonly name: string;
  readonly picture: Uint8Array;
  readonly thumbnail: Uint8Array;
  readonly createdBy: string;
  readonly isAgeRestricted: boolean;
}

/** Largest number of styles that a server may have of its own. */
export const maxServerStyles = 50;

const maxNameLength = 32;

/**
 * Returns the name that a style is stored under: in lower case, and with hyphens for spaces.
 * @throws CodedError `style/preset-bad-name` where that name is not 1 to 32 letters, digits, hyphens and underscores,
 *   or has neither a letter nor a digit.
 */
export function normaliseStyleName(text: string): string {
  const name = text.normalize('NFC').trim().toLowerCase().replace(/\s+/g, '-');
  // Marks, such as accents, belong to letters: many scripts can't be written without them.
  const isFit = /^[\p{L}\p{M}\p{N}_-]+$/u.test(name) && /[\p{L}\p{N}]/u.test(name);
  if (isFit && [...name].length <= maxNameLength) return name;
  const unfit = new Set(Array.from(name.matchAll(/[^\p{L}\p{M}\p{N}_-]/gu), ([character]) => character));
  throw styleError(
    'preset-bad-name',
    `Expected up to ${maxNameLength} letters, digits, hyphens and underscores as the name of a style, got "${text}"`,
    unfit.size > 0 ? { characters: [...unfit].map((character) => `"${character}"`).join(', ') } : {},
  );
}

/** Makes the error for a style that can't be added. Texts for moderators go by its code and `context`. */
function styleError(code: string, message: string, context: ErrorContext = {}): CodedError {
  return new CodedError('style', code, message, { context });
}

/** The styles that servers have added for themselves, with their pictures. */
export class ServerStyles {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Lists a server's styles by name, without their pictures. */
  list(guildId: string): readonly ServerStyle[] {
    return this.#database
      .all(
        'SELECT name, created_by, created_at, age_restricted FROM server_styles WHERE guild_id = ? ORDER BY name',
        guildId,
      )
      .map((row) => ({
        name: text(row, 'name'),
        createdBy: text(row, 'created_by'),
        createdAt: integer(row, 'created_at'),
        isAgeRestricted: integer(row, 'age_restricted') !== 0,
      }));
  }

  /** Returns a style without its pictures; undefined where the server has no such style. */
  find(guildId: string, name: string): ServerStyle | undefined {
    return this.list(guildId).find((style) => style.name === name);
  }

  /** Returns the picture file of a style; undefined where the server has no such style. */
  picture(guildId: string, name: string): Uint8Array | undefined {
    const row = this.#database.get('SELECT picture FROM server_styles WHERE guild_id = ? AND name = ?', guildId, name);
    return row && bytes(row, 'picture');
  }

  /** Returns the thumbnail file of a style; undefined where the server has no such style. */
  thumbnail(guildId: string, name: string): Uint8Array | undefined {
    const row = this.#database.get(
      'SELECT thumbnail FROM server_styles WHERE guild_id = ? AND name = ?',
      guildId,
      name,
    );
    return row && bytes(row, 'thumbnail');
  }

  /**
   * Adds a style to those of a server.
   * @param now - the time in milliseconds since 1970.
   * @throws CodedError `style/…` where the name is bad or taken, or the server has as many as it may: then nothing is
   *   added.
   */
  add(guildId: string, style: NewServerStyle, now: number): void {
    const name = normaliseStyleName(style.name);
    this.#database.write(() => {
      const own = this.list(guildId);
      if (own.some((other) => other.name === name)) {
        throw styleError('preset-exists', `Expected a new name, but there is a style "${name}" already`, { name });
      }
      if (own.length >= maxServerStyles) {
        throw styleError('preset-full', `Expected fewer than ${maxServerStyles} styles`, { max: maxServerStyles });
      }
      this.#database.run(
        `INSERT INTO server_styles (guild_id, name, created_by, created_at, age_restricted, thumbnail, picture)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ...[guildId, name, style.createdBy, now, style.isAgeRestricted ? 1 : 0, style.thumbnail, style.picture],
      );
    });
  }

  /** Removes a style, and returns whether there was one. */
  remove(guildId: string, name: string): boolean {
    return this.#database.run('DELETE FROM server_styles WHERE guild_id = ? AND name = ?', guildId, name) > 0;
  }

  /** Removes all styles of a server that the bot has left. */
  forget(guildId: string): void {
    this.#database.run('DELETE FROM server_styles WHERE guild_id = ?', guildId);
  }
}
