import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { CodedError } from '../../src/coded-error.js';
import { Database, type DatabaseOptions } from '../../src/database/database.js';
import { bytes, integer, optionalText, text } from '../../src/database/row.js';

const folder = mkdtempSync(join(tmpdir(), 'whitewalker-database-'));
const open: Database[] = [];

afterEach(() => {
  for (const database of open.splice(0)) database.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

function newPath(): string {
  return join(mkdtempSync(join(folder, 'data-')), 'whitewalker.db');
}

/** Opens a database with an empty table `words`. */
function openWords(path = newPath(), options: DatabaseOptions = {}): Database {
  const database = Database.open(path, options);
  open.push(database);
  database.run(
    'CREATE TABLE words (word TEXT NOT NULL UNIQUE, parent TEXT REFERENCES words (word) DEFERRABLE INITIALLY DEFERRED)',
  );
  return database;
}

function add(database: Database, word: string, parent?: string): void {
  database.run('INSERT INTO words (word, parent) VALUES (?, ?)', word, parent);
}

function words(database: Database): string[] {
  return database.all('SELECT word FROM words ORDER BY rowid').map((row) => text(row, 'word'));
}

/** Returns the words that another connection sees in the file: those that are committed. */
function committedWords(path: string): string[] {
  const other = new Libsql(path);
  const rows = other.prepare('SELECT word FROM words ORDER BY rowid').all() as { word: string }[];
  return rows.map(({ word }) => word);
}

describe('a group of changes', () => {
  it('is seen at once, and committed as one when the turn of the event loop is over', async () => {
    const path = newPath();
    const database = openWords(path);
    await database.durable();
    const many = Array.from({ length: 200 }, (_, number) => `word ${number}`);
    const settled = many.map((word) => {
      add(database, word);
      return database.durable();
    });
    expect(words(database)).toEqual(many);
    await Promise.resolve();
    expect(committedWords(path)).toEqual([]);
    await settled[0];
    expect(committedWords(path)).toEqual(many);
    await Promise.all(settled);
  });

  it('is committed without anybody waiting for it', async () => {
    const path = newPath();
    const database = openWords(path);
    add(database, 'quiet');
    await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(committedWords(path)).toEqual(['quiet']);
  });

  it('has nothing to wait for where nothing was changed', async () => {
    const database = openWords();
    await database.durable();
    await expect(database.durable()).resolves.toBeUndefined();
  });

  it('is committed by close()', () => {
    const path = newPath();
    const database = openWords(path);
    add(database, 'last');
    database.close();
    expect(committedWords(path)).toEqual(['last']);
    expect(statSync(`${path}-wal`).size).toBe(0);
  });

  it('that can be written but not committed is undone, and those who wait are told', async () => {
    const losses: CodedError[] = [];
    const database = openWords(newPath(), { onLoss: (error) => losses.push(error) });
    await database.durable();
    add(database, 'innocent');
    add(database, 'orphan', 'nobody');
    await expect(database.durable()).rejects.toMatchObject({ domain: 'database', code: 'failed' });
    expect(losses).toHaveLength(1);
    expect(words(database)).toEqual([]);
    add(database, 'afterwards');
    await database.durable();
    expect(words(database)).toEqual(['afterwards']);
  });

  it('is lost as a whole where the disk is full, and the rest of the turn with it', async () => {
    const losses: CodedError[] = [];
    const path = newPath();
    const database = openWords(path, { onLoss: (error) => losses.push(error) });
    await database.durable();
    add(database, 'before');
    // SQLite's own limit of pages stands for a full disk: it ends in the same error.
    const pages = integer(database.get('PRAGMA page_count') ?? {}, 'page_count');
    database.all(`PRAGMA max_page_count = ${pages}`);
    expect(() => database.write(() => add(database, 'x'.repeat(100_000)))).toThrow(
      expect.objectContaining({
        domain: 'database',
        code: 'disk-full',
        context: { path },
        message: expect.stringContaining('Make room'),
      }),
    );
    expect(() => add(database, 'after')).toThrow(expect.objectContaining({ code: 'disk-full' }));
    await expect(database.durable()).rejects.toMatchObject({ code: 'disk-full' });
    expect(losses).toHaveLength(1);
    expect(words(database)).toEqual([]);
    add(database, 'small');
    await database.durable();
    expect(committedWords(path)).toEqual(['small']);
  });
});

describe('a change that throws', () => {
  it('undoes what it did, and nothing else', async () => {
    const path = newPath();
    const database = openWords(path);
    add(database, 'before');
    const failure = new Error('changed my mind');
    expect(() =>
      database.write(() => {
        add(database, 'mine');
        throw failure;
      }),
    ).toThrow(failure);
    add(database, 'after');
    await database.durable();
    expect(committedWords(path)).toEqual(['before', 'after']);
  });

  it('within another one leaves the outer one whole where that one catches', async () => {
    const database = openWords();
    database.write(() => {
      add(database, 'outer');
      expect(() =>
        database.write(() => {
          add(database, 'inner');
          add(database, 'outer');
        }),
      ).toThrow(/UNIQUE/);
      add(database, 'still outer');
    });
    await database.durable();
    expect(words(database)).toEqual(['outer', 'still outer']);
  });
});

describe('a database', () => {
  it('keeps what it is given', () => {
    const database = Database.open(':memory:');
    open.push(database);
    database.run('CREATE TABLE things (name TEXT, number INTEGER, bytes BLOB)');
    const now = 1_795_509_788_210;
    const part = new Uint8Array([9, 0, 1, 255, 9]).subarray(1, 4);
    database.run('INSERT INTO things VALUES (?, ?, ?)', 'frost ❄', now, part);
    database.run('INSERT INTO things VALUES (?, ?, ?)', undefined, 2 ** 53, null);
    const [first = {}, second = {}] = database.all('SELECT * FROM things');
    expect(text(first, 'name')).toBe('frost ❄');
    expect(integer(first, 'number')).toBe(now);
    expect(bytes(first, 'bytes')).toEqual(Uint8Array.of(0, 1, 255));
    expect(database.get('SELECT name FROM things LIMIT 1')).toEqual({ name: 'frost ❄' });
    expect(optionalText(second, 'name')).toBeUndefined();
    expect(() => text(second, 'name')).toThrow('Expected text in column "name", got NULL');
    expect(() => integer(second, 'number')).toThrow('Expected a whole number in column "number", got number');
    expect(() => bytes(first, 'name')).toThrow('Expected bytes in column "name", got string');
    expect(() => text(first, 'nmae')).toThrow('Expected text in column "nmae", got no such column');
  });

  it('refuses values that would end the process', () => {
    const database = openWords();
    const values = [true] as unknown as string[];
    expect(() => database.run('INSERT INTO words (word) VALUES (?)', ...values)).toThrow(TypeError);
    add(database, 'alive');
  });

  it('can be opened in a folder that is made for it, readable by its owner alone', () => {
    const path = join(newPath(), 'deep', 'whitewalker.db');
    openWords(path);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('commits to the disk itself, so that power may fail', () => {
    const database = openWords();
    expect(database.get('PRAGMA synchronous')).toEqual({ synchronous: 2 });
    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(database.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
    expect(database.get('PRAGMA busy_timeout')).toEqual({ timeout: 5000 });
  });

  it('says so where it is used after it was closed', () => {
    const database = openWords();
    database.close();
    database.close();
    expect(() => words(database)).toThrow(expect.objectContaining({ code: 'closed' }));
    expect(() => database.write(() => 1)).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it.each<[string, string, (path: string) => string]>([
    ['that is something else', 'not-a-database', (path) => written(path, 'no database. '.repeat(1000))],
    ['that is a folder', 'unwritable', (path) => dirname(path)],
  ])('refuses a file %s, and names it', (_name, code, prepare) => {
    const path = prepare(newPath());
    expect(() => Database.open(path)).toThrow(
      expect.objectContaining({ domain: 'database', code, context: { path }, message: expect.stringContaining(path) }),
    );
  });

  it('refuses a folder that is none, and names it', () => {
    const folder = written(newPath(), '');
    expect(() => Database.open(join(folder, 'whitewalker.db'))).toThrow(
      expect.objectContaining({
        code: 'unwritable',
        message: `The data folder ${folder} can't be used (a part of the path is not a folder). Set DATA_DIR to a folder that this user can write to.`,
      }),
    );
  });

  it('tells where its file is damaged', () => {
    const path = newPath();
    const database = openWords(path);
    for (let number = 0; number < 2000; number++) add(database, `a word of some length ${number}`);
    database.close();
    const contents = readFileSync(path);
    // Only the second half is damaged: the schema, on the first pages, can still be read.
    writeFileSync(path, contents.fill(0xaa, contents.length / 2));
    const reopened = Database.open(path);
    open.push(reopened);
    expect(() => words(reopened)).toThrow(
      expect.objectContaining({ domain: 'database', code: 'damaged', context: { path } }),
    );
  });
});

function written(path: string, contents: string): string {
  writeFileSync(path, contents);
  return path;
}
