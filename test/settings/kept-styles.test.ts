import { afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { KeptStyles, mostStyles, normaliseStyleName, type StyleKeeper } from '../../src/settings/kept-styles.js';
import { PersonalDefaultsStore } from '../../src/settings/personal-defaults.js';

const databases: Database[] = [];

afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});

function setUp() {
  const database = Database.open(':memory:');
  databases.push(database);
  const styles = new KeptStyles(database);
  const add = (keeper: StyleKeeper, name: string, now = 1000) => {
    const pictures = { picture: Uint8Array.of(0, 255, 1), thumbnail: Uint8Array.of(7) };
    const createdBy = 'guildId' in keeper && { createdBy: 'ann' };
    styles.add(keeper, { name, ...pictures, isAgeRestricted: name === 'ash', ...createdBy }, now);
  };
  return { database, styles, add };
}

describe.each<[string, StyleKeeper, StyleKeeper, number, string]>([
  ['a server', { guildId: '1' }, { guildId: '2' }, mostStyles.server, 'preset-full'],
  ['a person', { personId: '1' }, { personId: '2' }, mostStyles.person, 'personal-styles-full'],
])('the styles of %s', (_what, keeper, other, most, full) => {
  it('are kept with their pictures, apart from those of others', () => {
    const { styles, add } = setUp();
    add(keeper, 'quilt', 1_795_509_788_210);
    add(keeper, 'ash', 5);
    add(other, 'quilt', 6);
    expect(styles.list(keeper)).toEqual([
      { name: 'ash', createdAt: 5, isAgeRestricted: true },
      { name: 'quilt', createdAt: 1_795_509_788_210, isAgeRestricted: false },
    ]);
    expect(styles.picture(keeper, 'quilt')).toEqual(Uint8Array.of(0, 255, 1));
    expect(styles.thumbnail(keeper, 'quilt')).toEqual(Uint8Array.of(7));
    expect(styles.picture(other, 'ash')).toBeUndefined();
    expect(styles.thumbnail(keeper, 'nothing')).toBeUndefined();
    const ofOtherKind = 'guildId' in keeper ? { personId: keeper.guildId } : { guildId: keeper.personId };
    expect(styles.find(keeper, 'ash')).toMatchObject({ createdAt: 5, isAgeRestricted: true });
    expect(styles.find(ofOtherKind, 'quilt')).toBeUndefined();
  });

  it('can be removed, one by one and all at once', () => {
    const { styles, add } = setUp();
    for (const name of ['quilt', 'ash']) add(keeper, name);
    add(other, 'quilt');
    expect(styles.remove(keeper, 'quilt')).toBe(true);
    expect(styles.remove(keeper, 'quilt')).toBe(false);
    expect(styles.list(keeper).map(({ name }) => name)).toEqual(['ash']);
    styles.forget(keeper);
    expect(styles.list(keeper)).toEqual([]);
    expect(styles.list(other)).toHaveLength(1);
    add(keeper, 'quilt');
  });

  it('have a name each', () => {
    const { styles, add } = setUp();
    add(keeper, 'Grandmas Quilt', 1);
    expect(() => add(keeper, 'grandmas-quilt', 2)).toThrow(
      expect.objectContaining({ domain: 'style', code: 'preset-exists', context: { name: 'grandmas-quilt' } }),
    );
    expect(styles.list(keeper)).toEqual([{ name: 'grandmas-quilt', createdAt: 1, isAgeRestricted: false }]);
  });

  it('are as many as may be, and no more', () => {
    const { styles, add } = setUp();
    for (let number = 0; number < most; number++) add(keeper, `style-${number}`);
    expect(() => add(keeper, 'one-more')).toThrow(expect.objectContaining({ code: full, context: { max: most } }));
    add(other, 'one-more');
    styles.remove(keeper, 'style-7');
    add(keeper, 'one-more');
    expect(styles.list(keeper)).toHaveLength(most);
  });
});

describe("a person's defaults", () => {
  it('are set and cleared as a whole, and nothing is kept of somebody without any', () => {
    const { database } = setUp();
    const defaults = new PersonalDefaultsStore(database);
    expect(defaults.of('1')).toEqual({});
    defaults.set('1', { quality: 'high', keepColors: true });
    defaults.set('2', { keepColors: true });
    expect(defaults.of('1')).toEqual({ quality: 'high', keepColors: true });
    defaults.set('1', { quality: undefined, keepColors: undefined });
    expect(database.all('SELECT person_id FROM personal_defaults')).toEqual([{ person_id: '2' }]);
  });

  it('that make no sense count as none', () => {
    const { database } = setUp();
    database.run(`INSERT INTO personal_defaults VALUES ('1', '{"quality":"best"}'), ('2', 'x')`);
    const defaults = new PersonalDefaultsStore(database);
    expect([defaults.of('1'), defaults.of('2')]).toEqual([{}, {}]);
  });
});

describe("a style's name", () => {
  it.each([
    ['Quilt', 'quilt'],
    ['  Grandmas  ', 'grandmas'],
    ['ice \t and   fire', 'ice-and-fire'],
    ['no_7-B', 'no_7-b'],
    ['Зима близко', 'зима-близко'],
    ['E\u0301te\u0301', 'été'],
    ['हिम', 'हिम'],
    ['7', '7'],
    ['x'.repeat(32), 'x'.repeat(32)],
  ])('%j becomes %j, and stays so', (text, name) => {
    expect(normaliseStyleName(text)).toBe(name);
    expect(normaliseStyleName(name)).toBe(name);
  });

  it.each(['', '   ', '-', '_ _', 'x'.repeat(33), 'a/b', '../x', 'a`b', '<@1>', 'ice❄', 'a.b', 'a\0b', "grandma's"])(
    '%j is refused',
    (text) => {
      expect(() => normaliseStyleName(text)).toThrow(expect.objectContaining({ code: 'preset-bad-name' }));
    },
  );
});
