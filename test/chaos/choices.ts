import { uniformNumbers } from '../../src/random-numbers.js';

/** Random choices that depend on a seed alone. */
export class Choices {
  readonly #uniform: () => number;

  constructor(seed: number) {
    this.#uniform = uniformNumbers(seed);
  }

  /** Returns choices with a sequence of their own, which doesn't depend on how many are made here afterwards. */
  branch(): Choices {
    return new Choices(Math.floor(this.#uniform() * 2 ** 32));
  }

  /** Returns a random number in [from, to). */
  number(from: number, to: number): number {
    return from + (to - from) * this.#uniform();
  }

  /** Returns a random whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return Math.floor(this.number(from, to + 1));
  }

  /** Returns true with the probability `share`, from 0 to 1. */
  chance(share: number): boolean {
    return this.#uniform() < share;
  }

  one<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('Expected something to choose from');
    return items[this.whole(0, items.length - 1)] as Item;
  }

  /** Returns one of the items, each with a probability in proportion to its share. */
  weighted<Item extends { readonly share: number }>(items: readonly Item[]): Item {
    let left = this.number(
      0,
      items.reduce((sum, { share }) => sum + share, 0),
    );
    for (const item of items) {
      left -= item.share;
      if (left < 0) return item;
    }
    return this.one(items);
  }
}
