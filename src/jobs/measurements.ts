import { z } from 'zod';
import type { Database } from '../database/database.js';
import { networkNames } from '../engine/topology.js';
import type { Cost } from '../works/cost.js';

const measurementSchema = z.object({
  labour: z.enum([...networkNames, 'pixels']),
  pixelEpochs: z.number().positive(),
  seconds: z.number().positive(),
});

/** How long some work took, from its start to the encoded result, in seconds. */
export interface Measurement extends Cost {
  readonly seconds: number;
}

/** How many of the last measurements are kept, of all labours together. */
const kept = 50;

/** How long the last jobs took: kept longer than the jobs, so that the first estimates after a start are good ones. */
export class Measurements {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add({ labour, pixelEpochs, seconds }: Measurement): void {
    this.#database.write(() => {
      this.#database.run(
        'INSERT INTO measurements (labour, pixel_epochs, seconds) VALUES (?, ?, ?)',
        ...[labour, pixelEpochs, seconds],
      );
      this.#database.run('DELETE FROM measurements WHERE id <= (SELECT MAX(id) FROM measurements) - ?', kept);
    });
  }

  /** Returns the measurements, the oldest first. What isn't understood is left out. */
  all(): readonly Measurement[] {
    return this.#database
      .all('SELECT labour, pixel_epochs AS pixelEpochs, seconds FROM measurements ORDER BY id')
      .flatMap((row) => measurementSchema.safeParse(row).data ?? []);
  }
}
