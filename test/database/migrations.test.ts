import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Connection } from '../../src/database/connection.js';
import { Database } from '../../src/database/database.js';
import { migrate, migrations } from '../../src/database/migrations.js';
import { Journal } from '../../src/jobs/journal.js';
import { Measurements } from '../../src/jobs/measurements.js';
import { packageRoot } from '../../src/package-root.js';
import { BlockedPeople } from '../../src/settings/blocked-people.js';
import { KeptStyles } from '../../src/settings/kept-styles.js';
import { PersonalDefaultsStore } from '../../src/settings/personal-defaults.js';
import { SettingsStore } from '../../src/settings/server-settings.js';

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
      expect.objectContaining({ domain: 'database', message: expect.stringContaining('no such table: three') }),
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
      expect.objectContaining({
        domain: 'database',
        code: 'newer-schema',
        context: { path },
        message: expect.stringContaining('newer whitewalker'),
      }),
    );
    expect(version(connection)).toBe(99);
    expect(connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'")).toEqual([{ name: 'future' }]);
  });
});

/** Returns all tables and indexes of a database, with their columns. */
function schemaOf(path: string): unknown {
  const connection = connect(path);
  const named = connection.all("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name");
  return named.map((entry) => [
    entry,
    connection.all(`PRAGMA ${entry.type === 'index' ? 'index_xinfo' : 'table_xinfo'}(${entry.name})`),
  ]);
}

describe('a database of each schema that was released', () => {
  const released = migrations.map((_, index) => index + 1);

  it.each(released)('is brought forward with all that it has: schema %i', (schema) => {
    const path = newPath();
    const old = connect(path);
    old.exec(readFileSync(join(packageRoot(), 'test', 'fixtures', 'schemas', `${schema}.sql`), 'utf8'));
    expect(version(old)).toBe(schema);
    old.close();
    const database = Database.open(path);
    open.push(database);
    const journal = new Journal(database, {
      onDamaged: (error) => {
        throw error;
      },
    });
    const jobs = journal.open();
    expect(jobs.map(({ state }) => state)).toEqual(['accepted', 'queued', 'running', 'delivering']);
    expect(jobs[0]).toMatchObject({
      ownerId: '500000000000000001',
      order: { kind: 'style-transfer', preset: { name: 'white-walker' }, size: 512, epochs: 100 },
      inputs: { content: { kind: 'url' }, style: { kind: 'preset' } },
      reply: { token: 'interaction-token', locale: 'de', messageId: '600000000000000001' },
    });
    expect(jobs[2]).toMatchObject({ guildId: undefined, crashes: 1, inputs: { content: { kind: 'job' } } });
    expect(jobs[3]?.outcome).toMatchObject({ kind: 'result', result: { picture: 'result.png', seconds: 12.5 } });
    expect(['5', '6', '7'].map((digit) => journal.job(digit.repeat(20))?.outcome?.kind)).toEqual([
      ...['result', 'failed', 'cancelled'],
    ]);
    expect(journal.job('5'.repeat(20))?.reply.token).toBe('');
    expect(journal.acceptancesSince('500000000000000001', '400000000000000001', 0)).toHaveLength(5);
    const guildId = '400000000000000001';
    expect(new SettingsStore(database).of(guildId)).toMatchObject({ epochsMax: 200, epochsDefault: 80, sizeMax: 1024 });
    const styles = new KeptStyles(database);
    expect(styles.list({ guildId })).toEqual([{ name: 'quilt', createdAt: 1_795_509_788_210, isAgeRestricted: false }]);
    expect(styles.picture({ guildId }, 'quilt')).toEqual(Uint8Array.of(1, 2, 3));
    expect(database.get('SELECT created_by FROM server_styles')).toEqual({ created_by: '500000000000000001' });
    const personId = '500000000000000001';
    expect(styles.list({ personId })).toEqual(
      schema < 5 ? [] : [{ name: 'scarf', createdAt: 1_795_509_788_210, isAgeRestricted: true }],
    );
    const defaults = schema < 5 ? {} : { quality: 'high', keepColors: true };
    expect(new PersonalDefaultsStore(database).of(personId)).toEqual(defaults);
    // Costs were reckoned otherwise before.
    expect(new Measurements(database).all().map(({ seconds }) => seconds)).toEqual(schema < 7 ? [] : [12.5]);
    const blocked = new BlockedPeople(database).list(guildId, Date.now());
    expect(blocked.map(({ personId }) => personId)).toEqual(schema < 2 ? [] : ['500000000000000002']);
  });

  it('says in jobs from before what they left to the defaults, which were others then', () => {
    const path = newPath();
    const old = connect(path);
    old.exec(readFileSync(join(packageRoot(), 'test', 'fixtures', 'schemas', '5.sql'), 'utf8'));
    const task = (transfer: object, network?: string) => JSON.stringify({ kind: 'style-transfer', network, transfer });
    const lab = (recipe: string) => JSON.stringify({ kind: 'lab', recipe });
    const write = (id: string, jobTask: string, order: string) =>
      old.run('UPDATE jobs SET task_json = ?, order_json = ? WHERE id = ?', [jobTask, order, id.repeat(20)]);
    const preset = { layers: { content: { relu4_1: 1 }, style: { relu1_1: 2 } } };
    write('1', task({}, 'vgg19-lite'), lab('size=256'));
    write('2', task(preset), lab('network=vgg19 size=256'));
    write('3', task({ statistic: 'moments' }, 'vgg19'), lab('statistic=moments style-layers=relu1_1:2'));
    write('4', '{"kind":"texture"}', '{"kind":"texture"}');
    write('5', 'damaged', 'damaged');
    old.close();
    const database = Database.open(path);
    open.push(database);
    const [first, second, third, fourth, fifth] = database.all('SELECT task_json, order_json FROM jobs ORDER BY id');
    const style = { relu1_1: 1, relu2_1: 0.8, relu3_1: 0.6, relu4_1: 0.4, relu5_1: 0.2 };
    const transferOf = (row: typeof first) => JSON.parse(String(row?.task_json)).transfer;
    expect([first, second, third].map(transferOf)).toEqual([
      { statistic: 'gram', layers: { style } },
      { statistic: 'gram', ...preset },
      { statistic: 'moments' },
    ]);
    expect([first, second, third].map((row) => JSON.parse(String(row?.order_json)).recipe)).toEqual([
      'size=256 statistic=gram style-layers=relu1_1:1,relu2_1:.8,relu3_1:.6,relu4_1:.4,relu5_1:.2',
      'network=vgg19 size=256 statistic=gram',
      'statistic=moments style-layers=relu1_1:2',
    ]);
    expect(fourth).toEqual({ task_json: '{"kind":"texture"}', order_json: '{"kind":"texture"}' });
    expect(fifth).toEqual({ task_json: 'damaged', order_json: 'damaged' });
  });

  it.each(released)('has the schema of a new one then: schema %i', (schema) => {
    const [old, fresh] = [newPath(), newPath()];
    const connection = connect(old);
    connection.exec(readFileSync(join(packageRoot(), 'test', 'fixtures', 'schemas', `${schema}.sql`), 'utf8'));
    connection.close();
    for (const path of [old, fresh]) Database.open(path).close();
    expect(schemaOf(old)).toEqual(schemaOf(fresh));
  });
});
