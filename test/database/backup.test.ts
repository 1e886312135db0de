import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { backUp, checkBackup } from '../../src/database/backup.js';
import { checkDataFolder, lockDataFolder } from '../../src/database/data-folder-lock.js';
import { Database } from '../../src/database/database.js';
import { migrations } from '../../src/database/migrations.js';
import { restore } from '../../src/database/restore.js';
import { packageRoot } from '../../src/package-root.js';

const folder = mkdtempSync(join(tmpdir(), 'whitewalker-backup-'));
const open: Database[] = [];
afterEach(() => {
  for (const database of open.splice(0)) database.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const newFolder = () => mkdtempSync(join(folder, 'data-'));

/** Makes a database with the settings of so many servers. It is open, and its main file has not all of them yet. */
async function databaseOf(servers: number, path = join(newFolder(), 'whitewalker.db')) {
  const database = Database.open(path);
  open.push(database);
  for (let number = 0; number < servers; number++) addServer(database, `${number}`);
  await database.durable();
  return { path, database };
}

function addServer(database: Database, guildId: string): void {
  database.run("INSERT INTO server_settings VALUES (?, '{}')", guildId);
}

const refusal = (code: string, message: string) =>
  expect.objectContaining({ domain: 'database', code, message: expect.stringContaining(message) });

describe('a backup', () => {
  it('has all that was committed, while the database goes on, and is for its owner alone', async () => {
    const { path, database } = await databaseOf(3);
    const backup = join(newFolder(), 'backup.db');
    expect(await backUp(path, backup)).toMatchObject({ schema: migrations.length, servers: 3, jobs: 0, styles: 0 });
    addServer(database, 'later');
    await database.durable();
    expect(await checkBackup(backup)).toMatchObject({ servers: 3 });
    expect(readdirSync(dirname(backup))).toEqual(['backup.db']);
    if (process.platform !== 'win32') expect(statSync(backup).mode & 0o777).toBe(0o600);
  });

  it('counts what servers and people keep, also by a schema that knew no people', async () => {
    const { path, database } = await databaseOf(1);
    const columns = '(name, created_at, age_restricted, thumbnail, picture';
    const values = "0, 0, x'00', x'00', '2'";
    database.run(`INSERT INTO server_styles ${columns}, created_by, guild_id) VALUES ('a', ${values}, '1')`);
    for (const name of ['b', 'c']) {
      database.run(`INSERT INTO personal_styles ${columns}, person_id) VALUES (?, ${values})`, name);
    }
    for (const person of ['2', '3', '4']) database.run("INSERT INTO personal_defaults VALUES (?, '{}')", person);
    await database.durable();
    expect(await backUp(path, join(newFolder(), 'backup.db'))).toMatchObject({
      servers: 1,
      styles: 1,
      personalStyles: 2,
      people: 3,
    });

    const old = join(newFolder(), 'old.db');
    const libsql = new Libsql(old);
    libsql.exec(readFileSync(join(packageRoot(), 'test', 'fixtures', 'schemas', '4.sql'), 'utf8'));
    libsql.close();
    expect(await checkBackup(old)).toMatchObject({ schema: 4, personalStyles: 0, people: 0 });
  });

  it('may have the longest name there is', async () => {
    const { path } = await databaseOf(1);
    const backup = join(newFolder(), `${'x'.repeat(252)}.db`);
    await backUp(path, backup);
    expect(await checkBackup(backup)).toMatchObject({ servers: 1 });
    await expect(backUp(path, `${backup}x`)).rejects.toEqual(refusal('unwritable', 'its name is too long'));
  });

  it('overwrites nothing', async () => {
    const { path } = await databaseOf(1);
    const taken = join(newFolder(), 'notes.txt');
    writeFileSync(taken, 'precious');
    await expect(backUp(path, taken)).rejects.toEqual(refusal('exists', 'is not overwritten'));
    await expect(backUp(path, path)).rejects.toEqual(refusal('exists', 'is not overwritten'));
    expect(readFileSync(taken, 'utf8')).toBe('precious');
  });

  it('that can’t be made leaves nothing behind', async () => {
    const target = newFolder();
    await expect(backUp(join(target, 'none.db'), join(target, 'backup.db'))).rejects.toEqual(
      refusal('missing', 'Check DATA_DIR'),
    );
    writeFileSync(join(target, 'odd.db'), 'no database. '.repeat(1000));
    await expect(backUp(join(target, 'odd.db'), join(target, 'backup.db'))).rejects.toEqual(
      refusal('not-a-database', 'odd.db'),
    );
    await expect(backUp(join(target, 'odd.db'), join(target, 'no', 'backup.db'))).rejects.toEqual(
      refusal(
        'unwritable',
        "backup.db can't be written (there is nothing of that name). Give a file in an existing folder.",
      ),
    );
    await expect(backUp(join(target, 'odd.db'), `${join(target, 'backup.db')}/`)).rejects.toEqual(
      refusal('unwritable', "backup.db can't be written (a name that ends like this is a folder’s)"),
    );
    await expect(backUp(join(target, 'odd.db'), join(target, 'odd.db-wal'))).rejects.toEqual(
      refusal('unwritable', 'would be taken for a part of the database'),
    );
    expect(readdirSync(target)).toEqual(['odd.db']);
  });
});

describe('a restoration', () => {
  it('puts a backup in the place of the database, which it keeps', async () => {
    const { path, database } = await databaseOf(2);
    const backup = join(newFolder(), 'backup.db');
    await backUp(path, backup);
    addServer(database, 'later');
    // As after kill -9, the database's write-ahead log has changes that must not get into what is restored.
    await database.durable();
    const { facts, before } = await restore(backup, path);
    expect(facts).toMatchObject({ servers: 2 });
    const restored = Database.open(path);
    open.push(restored);
    expect(restored.all('SELECT guild_id FROM server_settings')).toEqual([{ guild_id: '0' }, { guild_id: '1' }]);
    expect(await backUp(String(before), join(dirname(backup), 'before.db'))).toMatchObject({ servers: 3 });
  });

  it.skipIf(process.getuid?.() !== 0)('by root gives the files to whose folder it is', async () => {
    const { path } = await databaseOf(1);
    const backup = join(newFolder(), 'backup.db');
    await backUp(path, backup);
    const elsewhere = newFolder();
    chownSync(elsewhere, 1000, 1000);
    await restore(backup, join(elsewhere, 'whitewalker.db'));
    for (const name of readdirSync(elsewhere)) expect(statSync(join(elsewhere, name)).uid, name).toBe(1000);
  });

  it('makes a data folder where there is none', async () => {
    const { path } = await databaseOf(1);
    const backup = join(newFolder(), 'backup.db');
    await backUp(path, backup);
    const elsewhere = join(newFolder(), 'data', 'whitewalker.db');
    expect(await restore(backup, elsewhere)).toMatchObject({ before: undefined, facts: { servers: 1 } });
    expect(readdirSync(dirname(elsewhere)).sort()).toEqual(['whitewalker.db', 'whitewalker.lock']);
  });

  it.each<[string, string, (path: string) => void]>([
    ['that is not there', 'missing', () => {}],
    ['that is empty', 'not-a-database', (path) => writeFileSync(path, '')],
    ['that is something else', 'not-a-database', (path) => writeFileSync(path, 'no database. '.repeat(1000))],
    [
      'that is damaged',
      'damaged',
      (path) => {
        const database = Database.open(path);
        for (let number = 0; number < 1000; number++) addServer(database, `server ${number}`);
        database.close();
        const contents = readFileSync(path);
        writeFileSync(path, contents.fill(0xaa, contents.length - 8192, contents.length - 4096));
      },
    ],
    [
      'of a newer whitewalker',
      'newer-schema',
      (path) => {
        const database = Database.open(path);
        database.run('PRAGMA user_version = 99');
        database.close();
      },
    ],
  ])('of a backup %s is refused, and changes nothing', async (_what, code, make) => {
    const { path, database } = await databaseOf(1);
    database.close();
    const backup = join(newFolder(), 'backup.db');
    make(backup);
    await expect(restore(backup, path)).rejects.toEqual(refusal(code, backup));
    expect(readdirSync(dirname(path)).filter((name) => name !== 'whitewalker.lock')).toContain('whitewalker.db');
    expect(await checkBackup(path)).toMatchObject({ servers: 1 });
  });

  it('is refused where the backup is the database itself', async () => {
    const { path, database } = await databaseOf(1);
    database.close();
    const link = join(newFolder(), 'link.db');
    symlinkSync(path, link);
    for (const same of [path, link]) {
      await expect(restore(same, path)).rejects.toEqual(refusal('not-a-database', 'is the database itself'));
    }
    expect(await checkBackup(path)).toMatchObject({ servers: 1 });
  });

  it('that fails midway puts the database back', async () => {
    const { path, database } = await databaseOf(2);
    const backup = join(newFolder(), 'backup.db');
    await backUp(path, backup);
    addServer(database, 'later');
    await database.durable();
    // The name that the log is moved to is taken by a folder, so moving it there fails once the database was moved.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 31) });
    mkdirSync(join(`${path}.before-2026-01-31T00-00-00-000Z-wal`, 'taken'), { recursive: true });
    await expect(restore(backup, path)).rejects.toEqual(refusal('unwritable', 'it is a folder'));
    vi.useRealTimers();
    database.close();
    expect(await checkBackup(path)).toMatchObject({ servers: 3 });
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('.whitewalker'))).toEqual([]);
  });

  it('is refused while a bot works with the folder', async () => {
    const { path } = await databaseOf(1);
    const backup = join(newFolder(), 'backup.db');
    await backUp(path, backup);
    const lock = lockDataFolder(dirname(path));
    await expect(restore(backup, path)).rejects.toEqual(refusal('busy', 'Stop that one first'));
    lock.release();
  });
});

describe('a data folder', () => {
  it('is found usable, and is left as it was', async () => {
    const here = newFolder();
    await checkDataFolder(here);
    await checkDataFolder(join(here, 'a', 'b'));
    expect(readdirSync(here)).toEqual([]);
  });

  it.each<[string, (file: string) => string]>([
    ['a file', (file) => file],
    ['in a file', (file) => join(file, 'data')],
    ['where the system has no others', (file) => (process.platform === 'linux' ? '/proc/x' : file)],
  ])('that is %s is refused in words, by all who use it', async (_what, folderFor) => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const data = folderFor(file);
    const expected = refusal('unwritable', `The data folder ${data} can't be used (`);
    await expect(checkDataFolder(data)).rejects.toEqual(expected);
    expect(() => lockDataFolder(data)).toThrow(expected);
    expect(() => Database.open(join(data, 'whitewalker.db'))).toThrow(expected);
  });
});
