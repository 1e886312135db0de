import type { Database } from '../database/database.js';
import { optionalText, text } from '../database/row.js';

/** A picture that an earlier job still has. */
export interface EarlierPicture {
  readonly jobId: string;
  /** Name of the job's input that the picture is. */
  readonly input: string;
  readonly ownerId: string;
  /** Id of the channel in which the job was asked for; undefined where that isn't known. */
  readonly channelId: string | undefined;
}

/** Looks up what jobs with a result were made from, for as long as they are kept. */
export class EarlierJobs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns the pictures of a digest that jobs still have, those of the newest job first. */
  pictures(digest: string): readonly EarlierPicture[] {
    return this.#database
      .all(
        `SELECT jobs.id, jobs.owner_id, input.key AS input,
                CASE WHEN json_valid(reply_json) THEN reply_json ->> '$.channelId' END AS channel_id
         FROM jobs, json_each(
           CASE WHEN json_valid(outcome_json) THEN outcome_json ELSE '{}' END, '$.result.findings.digests') AS input
         WHERE jobs.outcome_json LIKE ?1 AND input.atom = ?2
         ORDER BY jobs.accepted_at DESC, jobs.rowid DESC`,
        `%"${digest}"%`,
        digest,
      )
      .map((row) => ({
        jobId: text(row, 'id'),
        input: text(row, 'input'),
        ownerId: text(row, 'owner_id'),
        channelId: optionalText(row, 'channel_id'),
      }));
  }

  /**
   * Returns the id of the message with the last result that a person got in a channel, for everybody there to see. Private
   * ones can't be read again.
   */
  lastResultMessage(ownerId: string, channelId: string): string | undefined {
    const row = this.#database.get(
      `SELECT reply_json ->> '$.messageId' AS message_id FROM jobs
       WHERE owner_id = ? AND state = 'closed' AND json_valid(reply_json) AND json_valid(outcome_json)
         AND reply_json ->> '$.channelId' = ? AND NOT reply_json ->> '$.ephemeral'
         AND reply_json ->> '$.messageId' IS NOT NULL AND outcome_json ->> '$.kind' = 'result'
       ORDER BY closed_at DESC, rowid DESC LIMIT 1`,
      ...[ownerId, channelId],
    );
    return row && optionalText(row, 'message_id');
  }
}
