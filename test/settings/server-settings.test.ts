import { afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import {
  defaultServerSettings,
  maxListed,
  type ServerSettings,
  SettingsStore,
  settingBounds,
} from '../../src/settings/server-settings.js';

const databases: Database[] = [];

afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});

function setUp(defaults?: ServerSettings) {
  const database = Database.open(':memory:');
  databases.push(database);
  return { database, settings: new SettingsStore(database, defaults) };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `${1000 + index}`);

describe("a server's settings", () => {
  it('are the defaults until something is changed, and outside of servers', () => {
    const { settings } = setUp();
    settings.change('other', { sizeMax: 256 });
    expect(settings.of('guild')).toEqual(defaultServerSettings);
    expect(settings.of(undefined)).toEqual(defaultServerSettings);
  });

  it('keep each change, until they are reset', () => {
    const { database, settings } = setUp();
    settings.change('guild', { epochsMax: 150, quality: 'draft' });
    const changed = settings.change('guild', { epochsDefault: 150, logChannelId: '7' });
    const expected = {
      ...defaultServerSettings,
      epochsMax: 150,
      epochsDefault: 150,
      quality: 'draft',
      logChannelId: '7',
    };
    expect(changed).toEqual(expected);
    expect(new SettingsStore(database).of('guild')).toEqual(expected);
    settings.reset('guild');
    expect(settings.of('guild')).toEqual(defaultServerSettings);
  });

  it('follow defaults in what was not changed', () => {
    const { database, settings } = setUp();
    settings.change('guild', { sizeMax: 512 });
    const later = new SettingsStore(database, { ...defaultServerSettings, sizeMax: 256, queueLength: 7 });
    expect(later.of('guild')).toMatchObject({ sizeMax: 512, queueLength: 7 });
    expect(later.of('other')).toMatchObject({ sizeMax: 256 });
  });

  it('can have nothing where the default is something', () => {
    const { settings } = setUp({ ...defaultServerSettings, quality: 'high', epochsDefault: 200 });
    settings.change('guild', { quality: undefined, epochsDefault: undefined });
    expect(settings.of('guild')).toMatchObject({ quality: undefined, epochsDefault: undefined });
    expect(settings.of('other')).toMatchObject({ quality: 'high', epochsDefault: 200 });
  });

  it.each([
    ['epochsMax', 'epochs'],
    ['epochsDefault', 'epochs'],
    ['sizeMax', 'size'],
    ['activePerPerson', 'active'],
    ['dailyPerPerson', 'daily'],
    ['queueLength', 'queue'],
  ] as const)('have %s within bounds', (name, bounds) => {
    const { settings } = setUp({ ...defaultServerSettings, epochsMax: 1000 });
    const { min, max } = settingBounds[bounds];
    for (const value of [min, max]) expect(settings.change('guild', { [name]: value })[name]).toBe(value);
    for (const value of [min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => settings.change('guild', { [name]: value })).toThrow(
        expect.objectContaining({ domain: 'setting', code: 'setting-out-of-range', context: { min, max } }),
      );
    }
    expect(settings.of('guild')[name]).toBe(max);
  });

  it('have no default above the maximum, in whichever order they are set', () => {
    const { settings } = setUp();
    const refused = (max: number) => expect.objectContaining({ code: 'default-above-max', context: { max } });
    expect(() => settings.change('guild', { epochsDefault: 301 })).toThrow(refused(300));
    settings.change('guild', { epochsDefault: 300 });
    expect(() => settings.change('guild', { epochsMax: 299, sizeMax: 64 })).toThrow(refused(299));
    expect(settings.of('guild')).toEqual({ ...defaultServerSettings, epochsDefault: 300 });
    expect(settings.change('guild', { epochsMax: 299, epochsDefault: 299 })).toMatchObject({ epochsDefault: 299 });
    expect(settings.change('guild', { epochsMax: 500, epochsDefault: 400 })).toMatchObject({ epochsDefault: 400 });
  });

  it('have the default of all servers where it is not above the maximum of this one', () => {
    const { settings } = setUp({ ...defaultServerSettings, epochsDefault: 200 });
    expect(settings.change('guild', { epochsMax: 50 })).toMatchObject({ epochsMax: 50, epochsDefault: 50 });
    expect(settings.of('guild')).toMatchObject({ epochsMax: 50, epochsDefault: 50 });
    expect(settings.change('guild', { epochsMax: 250 })).toMatchObject({ epochsDefault: 200 });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['nothing that is known', '{"colour":"blue","__proto__":{"sizeMax":64}}'],
    [
      'of the wrong kind',
      '{"epochsMax":"9","epochsDefault":1e9,"sizeMax":null,"quality":"best","rolesAllowed":[1],"channelsAllowed":{},"logChannelId":7}',
    ],
  ])('are the defaults where what is stored is %s', (_name, json) => {
    const { database, settings } = setUp();
    database.run('INSERT INTO server_settings VALUES (?, ?)', 'guild', json);
    expect(settings.of('guild')).toEqual(defaultServerSettings);
    expect(settings.change('guild', { sizeMax: 512 })).toEqual({ ...defaultServerSettings, sizeMax: 512 });
  });

  it('lose only what makes no sense of what is stored', () => {
    const { database, settings } = setUp();
    const json = '{"epochsMax":-1,"sizeMax":512,"channelsDenied":["5"]}';
    database.run('INSERT INTO server_settings VALUES (?, ?)', 'guild', json);
    expect(settings.of('guild')).toEqual({ ...defaultServerSettings, sizeMax: 512, channelsDenied: ['5'] });
  });
});

describe('channels and roles', () => {
  it('are either allowed or denied, each once', () => {
    const { settings } = setUp();
    settings.allowChannel('guild', '1');
    settings.allowChannel('guild', '1');
    settings.denyChannel('guild', '2');
    expect(settings.of('guild')).toMatchObject({ channelsAllowed: ['1'], channelsDenied: ['2'] });
    settings.allowChannel('guild', '2');
    expect(settings.of('guild')).toMatchObject({ channelsAllowed: ['1', '2'], channelsDenied: [] });
    settings.denyChannel('guild', '1');
    expect(settings.of('guild')).toMatchObject({ channelsAllowed: ['2'], channelsDenied: ['1'] });
    expect(settings.allowRole('guild', '3').rolesAllowed).toEqual(['3']);
  });

  it('are cleared apart from each other', () => {
    const { settings } = setUp();
    settings.allowChannel('guild', '1');
    settings.denyChannel('guild', '2');
    settings.allowRole('guild', '3');
    expect(settings.clearChannels('guild')).toEqual({ ...defaultServerSettings, rolesAllowed: ['3'] });
    expect(settings.clearRoles('guild')).toEqual(defaultServerSettings);
  });

  it('are as many as can be listed, and no more', () => {
    const { settings } = setUp();
    const full = ids(maxListed);
    settings.change('guild', { channelsAllowed: full, channelsDenied: ['1'], rolesAllowed: full });
    const refused = expect.objectContaining({ code: 'too-many-entries', context: { max: maxListed } });
    expect(() => settings.allowChannel('guild', '1')).toThrow(refused);
    expect(() => settings.allowRole('guild', '1')).toThrow(refused);
    expect(settings.of('guild')).toMatchObject({ channelsAllowed: full, channelsDenied: ['1'], rolesAllowed: full });
    settings.denyChannel('guild', '1000');
    expect(settings.allowChannel('guild', '1').channelsAllowed).toHaveLength(maxListed);
  });
});

describe('the limits of an operator', () => {
  const limits = { epochsMax: 200, sizeMax: 512, queueLength: 50 };

  it.each([
    ['the defaults', {}],
    ['the most that settings can be', { epochsMax: 1000, epochsDefault: 1000, sizeMax: 2048, queueLength: 1000 }],
    ['a default alone', { epochsDefault: 300 }],
    ['the limits themselves', { epochsMax: 200, sizeMax: 512, queueLength: 50 }],
    ['one above', { epochsMax: 201, sizeMax: 513, queueLength: 51 }],
  ])('hold whatever a server sets: %s', (_, patch) => {
    const database = Database.open(':memory:');
    databases.push(database);
    const settings = new SettingsStore(database, defaultServerSettings, limits);
    for (const held of [settings.change('guild', patch), settings.of('guild'), settings.of(undefined)]) {
      expect(held).toMatchObject(limits);
      expect(held.epochsDefault ?? 0).toBeLessThanOrEqual(limits.epochsMax);
    }
    expect(settings.wished('guild')).toMatchObject({ ...defaultServerSettings, ...patch });
  });

  it('leave alone what is below them', () => {
    const database = Database.open(':memory:');
    databases.push(database);
    const settings = new SettingsStore(database, defaultServerSettings, limits);
    const below = { epochsMax: 199, epochsDefault: 10, sizeMax: 511, queueLength: 49 };
    expect(settings.change('guild', below)).toMatchObject(below);
  });
});
