import type { CodedError } from '../coded-error.js';
import type { Connection } from './connection.js';
import { databaseError } from './database-error.js';
import { integer } from './row.js';

/** SQL that takes a database from one schema to the next. Released steps never change: further ones are added. */
export type Migration = string;

/** The steps to the schema of this program, in order; a database that had the first n of them is of version n. */
export const migrations: readonly Migration[] = [
  `CREATE TABLE jobs (
     id TEXT NOT NULL PRIMARY KEY,
     owner_id TEXT NOT NULL,
     guild_id TEXT,
     state TEXT NOT NULL,
     accepted_at INTEGER NOT NULL,
     closed_at INTEGER,
     crashes INTEGER NOT NULL,
     mentioned INTEGER NOT NULL,
     -- Of computing; NULL until there is a result.
     seconds REAL,
     task_json TEXT NOT NULL,
     order_json TEXT NOT NULL,
     inputs_json TEXT NOT NULL,
     reply_json TEXT NOT NULL,
     outcome_json TEXT
   ) STRICT;
   CREATE INDEX jobs_by_owner ON jobs (owner_id, state, guild_id);
   CREATE INDEX jobs_by_guild ON jobs (guild_id, state);
   CREATE INDEX jobs_by_state ON jobs (state, closed_at);

   -- What daily quotas are counted from, whatever becomes of the jobs.
   CREATE TABLE acceptances (
     job_id TEXT NOT NULL PRIMARY KEY,
     owner_id TEXT NOT NULL,
     guild_id TEXT,
     accepted_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX acceptances_by_owner ON acceptances (owner_id, guild_id, accepted_at);
   CREATE INDEX acceptances_by_time ON acceptances (accepted_at);

   CREATE TABLE server_settings (
     guild_id TEXT NOT NULL PRIMARY KEY,
     settings_json TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;

   -- Pictures stand last, so that listing the others never reads them.
   CREATE TABLE server_styles (
     guild_id TEXT NOT NULL,
     name TEXT NOT NULL,
     created_by TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     thumbnail BLOB NOT NULL,
     picture BLOB NOT NULL,
     PRIMARY KEY (guild_id, name)
   ) STRICT;

   -- Which slash commands Discord was last given, by application and server.
   CREATE TABLE registrations (
     scope TEXT NOT NULL PRIMARY KEY,
     digest TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,

  `-- Whom a server's moderators keep from using the bot there; \`until\` is NULL where that has no end.
   CREATE TABLE blocked_people (
     guild_id TEXT NOT NULL,
     person_id TEXT NOT NULL,
     until INTEGER,
     PRIMARY KEY (guild_id, person_id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX blocked_people_by_person ON blocked_people (person_id);`,

  `-- Styles that were added in an age-restricted channel are not to be seen elsewhere. The table is made anew, because a
   -- column that is added stands behind the pictures.
   CREATE TABLE server_styles_with_age_restriction (
     guild_id TEXT NOT NULL,
     name TEXT NOT NULL,
     created_by TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     age_restricted INTEGER NOT NULL DEFAULT 0,
     thumbnail BLOB NOT NULL,
     picture BLOB NOT NULL,
     PRIMARY KEY (guild_id, name)
   ) STRICT;
   INSERT INTO server_styles_with_age_restriction (guild_id, name, created_by, created_at, thumbnail, picture)
     SELECT guild_id, name, created_by, created_at, thumbnail, picture FROM server_styles;
   DROP TABLE server_styles;
   ALTER TABLE server_styles_with_age_restriction RENAME TO server_styles;`,

  `-- How long the last jobs took, which estimates are made from: \`pixel_epochs\` is how much work with \`labour\` each was.
   -- Jobs are forgotten, and with them how long each took; nothing here says whose they were.
   CREATE TABLE measurements (
     id INTEGER NOT NULL PRIMARY KEY,
     labour TEXT NOT NULL,
     pixel_epochs REAL NOT NULL,
     seconds REAL NOT NULL
   ) STRICT;
   ALTER TABLE jobs DROP COLUMN seconds;`,

  `-- What people keep for themselves. Pictures stand last, so that listing the others never reads them.
   CREATE TABLE personal_styles (
     person_id TEXT NOT NULL,
     name TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     age_restricted INTEGER NOT NULL,
     thumbnail BLOB NOT NULL,
     picture BLOB NOT NULL,
     PRIMARY KEY (person_id, name)
   ) STRICT;
   CREATE TABLE personal_defaults (
     person_id TEXT NOT NULL PRIMARY KEY,
     defaults_json TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,

  `-- Style is compared by moments, and with VGG19-lite by other layers, where nothing else is said. Jobs from before say what they
   -- left to the defaults: they are painted, and ordered again, as they were accepted.
   UPDATE jobs SET task_json = json_insert(task_json, '$.transfer.statistic', 'gram')
   WHERE iif(json_valid(task_json), json_extract(task_json, '$.kind') = 'style-transfer', FALSE);
   UPDATE jobs SET task_json = json_insert(json_insert(task_json, '$.transfer.layers', json('{}')),
     '$.transfer.layers.style', json('{"relu1_1":1,"relu2_1":0.8,"relu3_1":0.6,"relu4_1":0.4,"relu5_1":0.2}'))
   WHERE iif(json_valid(task_json), json_extract(task_json, '$.kind') = 'style-transfer'
     AND coalesce(json_extract(task_json, '$.network'), 'vgg19-lite') = 'vgg19-lite', FALSE);
   UPDATE jobs SET order_json = json_set(order_json, '$.recipe', json_extract(order_json, '$.recipe') || ' statistic=gram')
   WHERE iif(json_valid(order_json), json_extract(order_json, '$.kind') = 'lab'
     AND json_extract(order_json, '$.recipe') NOT LIKE '%statistic=%', FALSE);
   UPDATE jobs SET order_json = json_set(order_json, '$.recipe', json_extract(order_json, '$.recipe') ||
     ' style-layers=relu1_1:1,relu2_1:.8,relu3_1:.6,relu4_1:.4,relu5_1:.2')
   WHERE iif(json_valid(order_json), json_extract(order_json, '$.kind') = 'lab'
     AND json_extract(order_json, '$.recipe') NOT LIKE '%style-layers=%'
     AND (json_extract(order_json, '$.recipe') NOT LIKE '%network=%'
       OR json_extract(order_json, '$.recipe') LIKE '%network=vgg19-lite%'), FALSE);`,

  `-- Costs are reckoned by the layers that a job looks at, in pixels of what transfers look at by now: measurements of costs from
   -- before would mislead. Until there are new ones, estimates go by the engine's trial.
   DELETE FROM measurements;`,
];

/**
 * Brings a database up to the newest schema, each step in a transaction of its own.
 * @throws `database/newer-schema` where a newer program made the database.
 */
export function migrate(connection: Connection, steps: readonly Migration[] = migrations): void {
  for (let version = versionOf(connection); version !== steps.length; version = versionOf(connection)) {
    const step = steps[version];
    if (step === undefined) throw newerSchema(version, steps.length, connection.path);
    connection.exec('BEGIN IMMEDIATE');
    try {
      // Another program may have taken this step first.
      if (versionOf(connection) === version) connection.exec(`${step}; PRAGMA user_version = ${version + 1}`);
      connection.exec('COMMIT');
    } catch (error) {
      if (connection.inTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }
}

function versionOf(connection: Connection): number {
  return integer(connection.all('PRAGMA user_version')[0] ?? {}, 'user_version');
}

function newerSchema(version: number, newest: number, path: string): CodedError {
  return databaseError(
    'newer-schema',
    path,
    `The database ${path} was made by a newer whitewalker (its schema is ${version}, this one knows ${newest}). ` +
      'Install the newer version, or put back a copy of the database from before.',
  );
}
