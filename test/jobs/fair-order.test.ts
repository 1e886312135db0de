import { describe, expect, it } from 'vitest';
import { FairOrder } from '../../src/jobs/fair-order.js';
import { uniformNumbers } from '../../src/random-numbers.js';
import { jobIds, numberOf, ownerOf } from './some-jobs.js';

/** Makes an order of ids; the id of a job says whose it is. */
function setUp() {
  const order = new FairOrder<string>();
  const add = (id: string, cost = 1) => order.add({ id, ownerId: ownerOf(id), cost }, id);
  const ids = () => order.waiting.map(({ id }) => id);
  const drain = () => Array.from({ length: order.size }, () => order.next());
  return { order, add, ids, drain };
}

/** The definition of the fair order, slow but plain: it remembers everything, and works out all tags each time. */
class NaiveOrder {
  readonly #jobs: { id: string; cost: number; addedAt: number; begun: boolean }[] = [];
  #virtualTime = 0;

  add(id: string, cost: number): void {
    this.#jobs.push({ id, cost, addedAt: this.#virtualTime, begun: false });
  }

  waiting(): { id: string; start: number }[] {
    const finishes = new Map<string, number>();
    const tagged = this.#jobs.map(({ id, cost, addedAt, begun }) => {
      const start = Math.max(addedAt, finishes.get(ownerOf(id)) ?? 0);
      finishes.set(ownerOf(id), start + cost);
      return { id, start, begun };
    });
    return tagged.filter(({ begun }) => !begun).toSorted((a, b) => a.start - b.start);
  }

  next(): string | undefined {
    const [first] = this.waiting();
    for (const job of this.#jobs) if (job.id === first?.id) job.begun = true;
    this.#virtualTime = first?.start ?? this.#virtualTime;
    return first?.id;
  }

  remove(id: string): void {
    this.#jobs.splice(
      this.#jobs.findIndex((job) => job.id === id),
      1,
    );
  }
}

describe('the fair order', () => {
  it('takes turns, in the order in which people came', () => {
    const { add, drain } = setUp();
    for (const id of jobIds(['ann', 'ben', 'cid'], 3)) add(id);
    expect(drain()).toEqual(['ann-1', 'ben-1', 'cid-1', 'ann-2', 'ben-2', 'cid-2', 'ann-3', 'ben-3', 'cid-3']);
  });

  it('levels who comes later with those who are there, neither ahead nor behind', () => {
    const { order, add, ids } = setUp();
    for (const id of jobIds(['ann', 'ben'], 5)) add(id);
    for (const begun of ['ann-1', 'ben-1', 'ann-2']) expect(order.next()).toBe(begun);
    for (const id of jobIds(['cid'], 3)) add(id);
    expect(ids()).toEqual(['ben-2', 'cid-1', 'ann-3', 'ben-3', 'cid-2', 'ann-4', 'ben-4', 'cid-3', 'ann-5', 'ben-5']);
  });

  it('counts work, not jobs', () => {
    const { add, drain } = setUp();
    for (const id of jobIds(['ann'], 2)) add(id, 3);
    for (const id of jobIds(['ben'], 6)) add(id, 1);
    expect(drain()).toEqual(['ann-1', 'ben-1', 'ben-2', 'ben-3', 'ann-2', 'ben-4', 'ben-5', 'ben-6']);
  });

  it('remembers what somebody has had while others still wait for as much', () => {
    const { order, add, drain } = setUp();
    add('ann-1', 3);
    for (const id of jobIds(['ben'], 5)) add(id, 1);
    for (const begun of ['ann-1', 'ben-1']) expect(order.next()).toBe(begun);
    add('ann-2', 1);
    // ann-2 and ben-4 have the same tag; ben-4 came first.
    expect(drain()).toEqual(['ben-2', 'ben-3', 'ben-4', 'ann-2', 'ben-5']);
  });

  it('owes nobody anything after it has settled, and does not settle while somebody waits', () => {
    const { order, add, drain } = setUp();
    add('ann-1', 100);
    drain();
    order.settle();
    for (const id of ['ann-2', 'ben-1']) add(id, 100);
    order.settle();
    expect(order.next()).toBe('ann-2');
    for (const id of ['ann-3', 'cid-1']) add(id);
    expect(drain()).toEqual(['ben-1', 'cid-1', 'ann-3']);
  });

  it('moves an owner’s later jobs up where one is removed, and nobody else’s down', () => {
    const { order, add, ids } = setUp();
    for (const id of jobIds(['ann', 'ben'], 4)) add(id);
    expect(order.remove('ann-2')).toBe('ann-2');
    expect(ids()).toEqual(['ann-1', 'ben-1', 'ann-3', 'ben-2', 'ann-4', 'ben-3', 'ben-4']);
    expect(order.remove('ann-2')).toBeUndefined();
    expect(order.remove('ann-1')).toBe('ann-1');
    expect(ids()).toEqual(['ann-3', 'ben-1', 'ann-4', 'ben-2', 'ben-3', 'ben-4']);
  });

  it('knows how many begin before each, and before one that came now', () => {
    const { order, add, ids } = setUp();
    for (const id of jobIds(['ann', 'ben'], 3)) add(id);
    for (const [index, id] of ids().entries()) expect(order.indexOf(id)).toBe(index);
    expect(order.indexOf('cid-1')).toBe(-1);
    for (const id of ['ann-4', 'ben-4', 'cid-1']) {
      const expected = order.indexOfNext(ownerOf(id));
      add(id);
      expect(order.indexOf(id)).toBe(expected);
    }
  });

  it('refuses ids twice and costs that make no sense', () => {
    const { order, add } = setUp();
    add('ann-1');
    expect(() => add('ann-1')).toThrow('Expected `id` to be new, but ann-1 waits already');
    for (const cost of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => add('ben-1', cost)).toThrow(`Expected \`cost\` to be a number above 0, got ${cost}`);
    }
    expect(order.size).toBe(1);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is as defined, whatever comes and goes (seed %d)', (seed) => {
    const random = uniformNumbers(seed);
    const whole = (below: number) => Math.floor(random() * below);
    const { order, add, ids } = setUp();
    const naive = new NaiveOrder();
    for (let step = 0; step < 400; step++) {
      const waiting = ids();
      const dice = random();
      if (dice < 0.55) {
        const id = `person${whole(6)}-${step}`;
        // Costs are multiples of a quarter, which are added without rounding.
        const cost = 0.25 * (1 + whole(12));
        const index = order.indexOfNext(ownerOf(id));
        add(id, cost);
        naive.add(id, cost);
        expect(order.indexOf(id)).toBe(index);
      } else if (dice < 0.8) {
        expect(order.next()).toBe(naive.next());
      } else {
        const id = waiting[whole(waiting.length)] ?? 'nobody-0';
        expect(order.remove(id)).toBe(waiting.length > 0 ? id : undefined);
        if (waiting.length > 0) naive.remove(id);
      }
      expect(ids()).toEqual(naive.waiting().map(({ id }) => id));
      expect(ids().map((id) => order.indexOf(id))).toEqual([...ids().keys()]);
    }
  });

  it('keeps the order of ten thousand, also of one person who cancels from the front', () => {
    const { order, add, drain } = setUp();
    for (const id of jobIds(['ann'], 5000)) add(id);
    for (const id of jobIds(['ben'], 5000)) add(id);
    for (let number = 1; number <= 1000; number++) expect(order.remove(`ann-${number}`)).toBe(`ann-${number}`);
    expect(order.indexOf('ann-1001')).toBe(0);
    expect(order.indexOf('ann-5000')).toBe(7998);
    const begun = drain();
    expect(begun).toHaveLength(9000);
    expect(begun.slice(0, 4)).toEqual(['ann-1001', 'ben-1', 'ann-1002', 'ben-2']);
    for (const person of ['ann', 'ben']) {
      const numbers = begun.filter((id) => ownerOf(id ?? '') === person).map((id) => numberOf(id ?? ''));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });
});
