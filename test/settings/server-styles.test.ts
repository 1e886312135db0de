import { afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { maxServerStyles, normaliseStyleName, ServerStyles } from '../../src/settings/server-styles.js';

const databases: Database[] = [];

afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});

function setUp() {
  const database = Database.open(':memory:');
  databases.push(database);
  const styles = new ServerStyles(database);
  const add = (guildId: string, name: string, now = 1000) =>
    styles.add(
      guildId,
      {
        name,
        picture: Uint8Array.of(0, 255, 1),
        thumbnail: Uint8Array.of(7),
        createdBy: 'ann',
        isAgeRestricted: name === 'ash',
      },
      now,
    );
  return { styles, add };
}

describe("a server's styles", () => {
  it('are kept with their pictures, apart from those of other servers', () => {
    const { styles, add } = setUp();
    add('guild', 'quilt', 1_795_509_788_210);
    add('guild', 'ash', 5);
    add('other', 'quilt', 6);
    expect(styles.list('guild')).toEqual([
      { name: 'ash', createdBy: 'ann', createdAt: 5, isAgeRestricted: true },
      { name: 'quilt', createdBy: 'ann', createdAt: 1_795_509_788_210, isAgeRestricted: false },
    ]);
    expect(styles.picture('guild', 'quilt')).toEqual(Uint8Array.of(0, 255, 1));
    expect(styles.thumbnail('guild', 'quilt')).toEqual(Uint8Array.of(7));
    expect(styles.picture('other', 'ash')).toBeUndefined();
    expect(styles.thumbnail('guild', 'nothing')).toBeUndefined();
  });

  it('can be removed, one by one and all of a server', () => {
    const { styles, add } = setUp();
    for (const name of ['quilt', 'ash']) add('guild', name);
    add('other', 'quilt');
    expect(styles.remove('guild', 'quilt')).toBe(true);
    expect(styles.remove('guild', 'quilt')).toBe(false);
    expect(styles.list('guild').map(({ name }) => name)).toEqual(['ash']);
    styles.forget('guild');
    expect(styles.list('guild')).toEqual([]);
    expect(styles.list('other')).toHaveLength(1);
    add('guild', 'quilt');
  });

  it('have a name each', () => {
    const { styles, add } = setUp();
    add('guild', 'Grandmas Quilt', 1);
    expect(() => add('guild', 'grandmas-quilt', 2)).toThrow(
      expect.objectContaining({ domain: 'style', code: 'preset-exists', context: { name: 'grandmas-quilt' } }),
    );
    expect(styles.list('guild')).toEqual([
      { name: 'grandmas-quilt', createdBy: 'ann', createdAt: 1, isAgeRestricted: false },
    ]);
  });

  it('are as many as a server may have, and no more', () => {
    const { styles, add } = setUp();
    for (let number = 0; number < maxServerStyles; number++) add('guild', `style-${number}`);
    expect(() => add('guild', 'one-more')).toThrow(
      expect.objectContaining({ code: 'preset-full', context: { max: 50 } }),
    );
    add('other', 'one-more');
    styles.remove('guild', 'style-7');
    add('guild', 'one-more');
    expect(styles.list('guild')).toHaveLength(maxServerStyles);
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
