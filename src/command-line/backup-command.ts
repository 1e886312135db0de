import { Command } from 'commander';
import { databasePath, readHostConfig } from '../config.js';
import { type BackupFacts, backUp } from '../database/backup.js';
import { restore } from '../database/restore.js';
import { say } from './standard-streams.js';

/** `whitewalker backup FILE` writes the database into one file, also while the bot runs. */
export function backupCommand(): Command {
  return new Command('backup')
    .summary('write the database into one file, also while the bot runs')
    .description(
      'Writes the database of DATA_DIR, as it is at this moment, into a new file, and checks that file. The bot may run ' +
        'meanwhile. Nothing is overwritten. The pictures of jobs are not in it.',
    )
    .argument('<file>', 'the backup, such as whitewalker-2026-01-31.db')
    .action(async (file: string) => {
      const path = databasePath(readHostConfig(process.env));
      say(`Backed up ${path} to ${file} and checked it: ${contents(await backUp(path, file))}.`);
    });
}

/** `whitewalker restore FILE` replaces the database by a backup, while no bot runs. */
export function restoreCommand(): Command {
  return new Command('restore')
    .summary('put a backup in the place of the database, while no bot runs')
    .description(
      'Checks a backup and puts it in the place of the database of DATA_DIR. The bot must not run. The database that was ' +
        'there is kept beside it, under another name.',
    )
    .argument('<file>', 'a file that `whitewalker backup` wrote')
    .action(async (file: string) => {
      const path = databasePath(readHostConfig(process.env));
      const { facts, before } = await restore(file, path);
      say(`Restored ${path} from ${file}: ${contents(facts)}.`);
      if (before !== undefined) say(`The database that was there is ${before} now; remove it once all is well.`);
    });
}

function contents({ bytes, schema, jobs, servers, styles, personalStyles, people }: BackupFacts): string {
  const size = `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  const ofServers = `servers with settings: ${servers}, styles of servers: ${styles}`;
  const ofPeople = `people with defaults: ${people}, personal styles: ${personalStyles}`;
  return `${size}, schema ${schema}; jobs: ${jobs}, ${ofServers}, ${ofPeople}`;
}
