import { z } from 'zod';
import type { Database } from '../database/database.js';
import { text } from '../database/row.js';
import { qualities } from '../works/quality.js';

const schema = z
  .object({
    /** Quality where the person chooses none; undefined: what the server has. */
    quality: z.enum(qualities).optional(),
    /** Whether pictures keep their colours where the person doesn't say. */
    keepColors: z.boolean().optional(),
  })
  .readonly();

/** What holds for a person where they choose nothing else. An undefined field is as it is for everybody. */
export type PersonalDefaults = z.infer<typeof schema>;

/** The defaults that people have set for themselves, everywhere. */
export class PersonalDefaultsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns a person's defaults. Stored nonsense counts as not set. */
  of(personId: string): PersonalDefaults {
    const row = this.#database.get('SELECT defaults_json FROM personal_defaults WHERE person_id = ?', personId);
    return (row && schema.safeParse(parsed(text(row, 'defaults_json'))).data) ?? {};
  }

  /** Sets a person's defaults, instead of all that they had before. Nothing is kept of somebody who has none. */
  set(personId: string, { quality, keepColors }: PersonalDefaults): void {
    if (quality === undefined && keepColors === undefined) this.forget(personId);
    else {
      this.#database.run(
        `INSERT INTO personal_defaults (person_id, defaults_json) VALUES (?, ?)
         ON CONFLICT (person_id) DO UPDATE SET defaults_json = excluded.defaults_json`,
        ...[personId, JSON.stringify({ quality, keepColors })],
      );
    }
  }

  /** Removes a person's defaults. */
  forget(personId: string): void {
    this.#database.run('DELETE FROM personal_defaults WHERE person_id = ?', personId);
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
