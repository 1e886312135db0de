import { CodedError, type ErrorContext } from '../coded-error.js';
import type { Database } from '../database/database.js';
import { bytes, integer, type Row, text } from '../database/row.js';

/** Who keeps a style: a server, or a person for themselves. */
export type StyleKeeper = { readonly guildId: string } | { readonly personId: string };

/** A style as it is listed, without pictures. */
export interface KeptStyle {
  readonly name: string;
  /** When the style was added, in milliseconds since 1970. */
  readonly createdAt: number;
  /** Whether it was added in an age-restricted channel, and so is not to be seen elsewhere. */
  readonly isAgeRestricted: boolean;
}

/** A style to be added, with its pictures as files. */
export interface NewStyle {
  /** Name of the style, which {@link normaliseStyleName} accepts. */
  readonly name: string;
  readonly picture: Uint8Array;
  readonly thumbnail: Uint8Array;
  readonly isAgeRestricted: boolean;
  /** Discord id of the person who adds a style to a server. */
  readonly createdBy?: string;
}

/** Largest number of styles that a server and a person may keep. */
export const mostStyles = { server: 50, person: 10 } as const;

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

/** Where the styles of a keeper stand in the database, how many there may be, and the error where there are as many. */
function shelfOf(keeper: StyleKeeper) {
  return 'guildId' in keeper
    ? ({
        table: 'server_styles',
        column: 'guild_id',
        id: keeper.guildId,
        most: mostStyles.server,
        full: 'preset-full',
      } as const)
    : ({
        table: 'personal_styles',
        column: 'person_id',
        id: keeper.personId,
        most: mostStyles.person,
        full: 'personal-styles-full',
      } as const);
}

/** The styles that servers, and people for themselves, have added, with their pictures. */
export class KeptStyles {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Lists a keeper's styles by name, without their pictures. */
  list(keeper: StyleKeeper): readonly KeptStyle[] {
    const { table, column, id } = shelfOf(keeper);
    return this.#database
      .all(`SELECT name, created_at, age_restricted FROM ${table} WHERE ${column} = ? ORDER BY name`, id)
      .map((row) => ({
        name: text(row, 'name'),
        createdAt: integer(row, 'created_at'),
        isAgeRestricted: integer(row, 'age_restricted') !== 0,
      }));
  }

  /** Returns a style without its pictures; undefined where the keeper has no such style. */
  find(keeper: StyleKeeper, name: string): KeptStyle | undefined {
    return this.list(keeper).find((style) => style.name === name);
  }

  /** Returns the picture file of a style; undefined where the keeper has no such style. */
  picture(keeper: StyleKeeper, name: string): Uint8Array | undefined {
    const row = this.#column('picture', keeper, name);
    return row && bytes(row, 'picture');
  }

  /** Returns the thumbnail file of a style; undefined where the keeper has no such style. */
  thumbnail(keeper: StyleKeeper, name: string): Uint8Array | undefined {
    const row = this.#column('thumbnail', keeper, name);
    return row && bytes(row, 'thumbnail');
  }

  /**
   * Adds a style to those of a keeper.
   * @param now - the time in milliseconds since 1970.
   * @throws CodedError `style/…` where the name is bad or taken, or the keeper has as many as may be: then nothing is
   *   added.
   */
  add(keeper: StyleKeeper, { thumbnail, picture, createdBy, isAgeRestricted, ...style }: NewStyle, now: number): void {
    const name = normaliseStyleName(style.name);
    const { table, column, id, most, full } = shelfOf(keeper);
    this.#database.write(() => {
      const kept = this.list(keeper);
      if (kept.some((other) => other.name === name)) {
        throw styleError('preset-exists', `Expected a new name, but there is a style "${name}" already`, { name });
      }
      if (kept.length >= most) throw styleError(full, `Expected fewer than ${most} styles`, { max: most });
      const by = createdBy === undefined ? {} : { created_by: createdBy };
      const restricted = isAgeRestricted ? 1 : 0;
      const row = { [column]: id, name, created_at: now, ...by, age_restricted: restricted, thumbnail, picture };
      const columns = Object.keys(row);
      this.#database.run(
        `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`,
        ...Object.values(row),
      );
    });
  }

  /** Removes a style, and returns whether there was one. */
  remove(keeper: StyleKeeper, name: string): boolean {
    const { table, column, id } = shelfOf(keeper);
    return this.#database.run(`DELETE FROM ${table} WHERE ${column} = ? AND name = ?`, id, name) > 0;
  }

  /** Removes all styles of a server that the bot has left, or of a person who wants to be forgotten. */
  forget(keeper: StyleKeeper): void {
    const { table, column, id } = shelfOf(keeper);
    this.#database.run(`DELETE FROM ${table} WHERE ${column} = ?`, id);
  }

  #column(what: 'picture' | 'thumbnail', keeper: StyleKeeper, name: string): Row | undefined {
    const { table, column, id } = shelfOf(keeper);
    return this.#database.get(`SELECT ${what} FROM ${table} WHERE ${column} = ? AND name = ?`, id, name);
  }
}
