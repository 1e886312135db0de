import { afterEach, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { BlockedPeople, maxBlocked } from '../../src/settings/blocked-people.js';

const databases: Database[] = [];

afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});

function setUp(): BlockedPeople {
  const database = Database.open(':memory:');
  databases.push(database);
  return new BlockedPeople(database);
}

it('ends a block at its time, in its own server only', () => {
  const blocked = setUp();
  blocked.block('wall', { personId: 'ann', until: 1000 }, 0);
  blocked.block('wall', { personId: 'ben', until: undefined }, 0);
  blocked.block('reach', { personId: 'ann', until: undefined }, 0);
  expect(blocked.find('wall', 'ann', 999)).toEqual({ personId: 'ann', until: 1000 });
  expect(blocked.find('wall', 'ann', 1000)).toBeUndefined();
  expect(blocked.find('wall', 'cat', 0)).toBeUndefined();
  expect(blocked.list('wall', 1000).map(({ personId }) => personId)).toEqual(['ben']);
  expect([blocked.countServers('ann', 999), blocked.countServers('ann', 1000)]).toEqual([2, 1]);
  blocked.forget('wall');
  expect(blocked.list('wall', 0)).toEqual([]);
  expect(blocked.find('reach', 'ann', 0)).toBeDefined();
});

it('replaces a block, and takes no more than there may be; ended ones make room', () => {
  const blocked = setUp();
  for (let index = 0; index < maxBlocked; index++) {
    blocked.block('wall', { personId: `person-${index}`, until: index === 0 ? 1000 : undefined }, 0);
  }
  expect(() => blocked.block('wall', { personId: 'ann', until: undefined }, 999)).toThrow(
    expect.objectContaining({ code: 'too-many-blocked', context: { max: maxBlocked } }),
  );
  blocked.block('wall', { personId: 'person-1', until: 2000 }, 999);
  expect(blocked.find('wall', 'person-1', 1500)).toEqual({ personId: 'person-1', until: 2000 });
  blocked.block('wall', { personId: 'ann', until: undefined }, 1000);
  expect(blocked.list('wall', 1000)).toHaveLength(maxBlocked);
});
