import { uniformNumbers } from '../../src/random-numbers.js';

/** Choices that a seed decides. */
export class Choices {
  readonly #uniform: () => number;

  constructor(seed: number) {
    this.#uniform = uniformNumbers(seed);
  }

  /** Choices of their own, which don't depend on how many are made here. */
  branch(): Choices {
    return new Choices(Math.floor(this.#uniform() * 2 ** 32));
  }

  /** In [from, to). */
  number(from: number, to: number): number {
    return from + (to - from) * this.#uniform();
  }

  /** A whole number; both ends are possible. */
  whole(from: number, to: number): number {
    return Math.floor(this.number(from, to + 1));
  }

  /** True so often, from 0 to 1. */
  chance(share: number): boolean {
    return this.#uniform() < share;
  }

  one<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('Expected something to choose from');
    return items[this.whole(0, items.length - 1)] as Item;
  }

  /** One of them, each as often as its share says. */
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
