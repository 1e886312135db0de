import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Connection } from '../../src/database/connection.js';
import { Database } from '../../src/database/database.js';
import { migrate, migrations } from '../../src/database/migrations.js';

const folder = mkdtempSync(join(tmpdir(), 'whitewalker-migrations-'));
const open: { close(): void }[] = [];

afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

function newPath(): string {
  return join(mkdtempSync(join(folder, 'data-')), 'whitewalker.db');
}

function connect(path = newPath()): Connection {
  const connection = new Connection(path);
  open.push(connection);
  return connection;
}

function version(connection: Connection): unknown {
  return connection.all('PRAGMA user_version')[0]?.user_version;
}

const steps = ['CREATE TABLE one (a)', 'ALTER TABLE one ADD COLUMN b; INSERT INTO one VALUES (1, 2)'];

describe('migrations', () => {
  it('make the schema in an empty file, and leave it alone from then on', () => {
    const path = newPath();
    const database = Database.open(path);
    database.run("INSERT INTO server_settings VALUES ('1', '{}')");
    database.close();
    const reopened = Database.open(path);
    open.push(reopened);
    expect(reopened.get('PRAGMA user_version')).toEqual({ user_version: migrations.length });
    expect(reopened.all('SELECT * FROM server_settings')).toEqual([{ guild_id: '1', settings_json: '{}' }]);
  });

  it('take the steps that a database has not had', () => {
    const connection = connect();
    migrate(connection, steps.slice(0, 1));
    expect(version(connection)).toBe(1);
    migrate(connection, steps);
    migrate(connection, steps);
    expect(version(connection)).toBe(2);
    expect(connection.all('SELECT * FROM one')).toEqual([{ a: 1, b: 2 }]);
  });

  it('undo a step that fails, and keep those before', () => {
    const connection = connect();
    expect(() => migrate(connection, [...steps, 'CREATE TABLE two (a); INSERT INTO three VALUES (1)'])).toThrow(
      expect.objectContaining({ name: 'DatabaseError', message: expect.stringContaining('no such table: three') }),
    );
    expect(version(connection)).toBe(2);
    expect(connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'")).toEqual([{ name: 'one' }]);
    migrate(connection, [...steps, 'CREATE TABLE two (a)']);
    expect(version(connection)).toBe(3);
  });

  it('refuse the database of a newer program, and leave it as it is', () => {
    const path = newPath();
    const connection = connect(path);
    connection.exec('CREATE TABLE future (a); PRAGMA user_version = 99');
    expect(() => Database.open(path)).toThrow(
      expect.objectContaining({ code: 'newer-schema', path, message: expect.stringContaining('newer whitewalker') }),
    );
    expect(version(connection)).toBe(99);
    expect(connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'")).toEqual([{ name: 'future' }]);
  });
});
