/** A waiting job as fairness sees it. */
export interface FairShare {
  readonly id: string;
  /** The person who asked for the job: the order is fair between owners. */
  readonly ownerId: string;
  /** How much work the job is, above 0, in a unit that never changes. */
  readonly cost: number;
}

interface Entry<Item> extends FairShare {
  readonly item: Item;
  readonly owner: Owner<Item>;
  /** Counts additions: the earlier of two jobs with the same start tag goes first. */
  readonly arrival: number;
  /** The job's start tag. It changes only where an earlier job of its owner is removed. */
  start: number;
}

interface Owner<Item> {
  /** The owner's waiting jobs in the order in which they were added, which is also that of their start tags. */
  readonly waiting: Entry<Item>[];
  /** Finish tag of the owner's job that began last. */
  finish: number;
}

/**
 * Keeps the order in which waiting jobs begin, fair between their owners, by start-time fair queueing (Goyal, Vin and
 * Cheng 1996, "Start-time Fair Queuing", section 2). A job's start tag is the finish tag of its owner's job before it,
 * or the virtual time if that is later; its finish tag is its start tag plus its cost; the job with the smallest start
 * tag begins first. Virtual time is the start tag of the job that began last. So a new owner is level with everybody
 * else, however many jobs others have waiting.
 *
 * This departs from the paper in that jobs can be removed, which gives their owner's later jobs the time back.
 */
export class FairOrder<Item> {
  /** All waiting jobs in the order in which they will begin. */
  #entries: Entry<Item>[] = [];
  readonly #byId = new Map<string, Entry<Item>>();
  readonly #owners = new Map<string, Owner<Item>>();
  #virtualTime = 0;
  #arrivals = 0;
  #begunSinceSweep = 0;

  /** How many jobs wait. */
  get size(): number {
    return this.#entries.length;
  }

  /** The waiting jobs with their start tags, in the order in which they will begin. */
  get waiting(): readonly (FairShare & { readonly item: Item; readonly start: number })[] {
    return this.#entries;
  }

  /** The virtual time: no job that is added from now on has a start tag below it. */
  get virtualTime(): number {
    return this.#virtualTime;
  }

  /** Returns the start tag of a waiting job; undefined where the job doesn't wait. */
  startOf(id: string): number | undefined {
    return this.#byId.get(id)?.start;
  }

  /** Returns how many jobs begin before a waiting one; −1 where it doesn't wait. */
  indexOf(id: string): number {
    const entry = this.#byId.get(id);
    return entry === undefined ? -1 : this.#insertionIndex(entry);
  }

  /** Returns how many of the waiting jobs would begin before one that this owner added now. */
  indexOfNext(ownerId: string): number {
    return this.#insertionIndex({
      start: nextStart(this.#owners.get(ownerId), this.#virtualTime),
      arrival: this.#arrivals,
    });
  }

  /** Adds a waiting job. @throws RangeError for an id that waits already, and for a cost that isn't above 0. */
  add({ id, ownerId, cost }: FairShare, item: Item): void {
    if (this.#byId.has(id)) throw new RangeError(`Expected \`id\` to be new, but ${id} waits already`);
    if (!(Number.isFinite(cost) && cost > 0)) {
      throw new RangeError(`Expected \`cost\` to be a number above 0, got ${cost}`);
    }
    const owner: Owner<Item> = this.#owners.get(ownerId) ?? { waiting: [], finish: 0 };
    const start = nextStart(owner, this.#virtualTime);
    const entry: Entry<Item> = { id, ownerId, cost, item, owner, arrival: this.#arrivals++, start };
    owner.waiting.push(entry);
    this.#owners.set(ownerId, owner);
    this.#byId.set(id, entry);
    this.#entries.splice(this.#insertionIndex(entry), 0, entry);
  }

  /** Takes out the job that is to begin next, and returns its item; undefined where none waits. */
  next(): Item | undefined {
    const [entry] = this.#entries;
    return entry && this.begin(entry.id);
  }

  /**
   * Takes out a waiting job that begins now, and returns its item; undefined where it doesn't wait. It needn't be the
   * first: where jobs need different machines, one may pass others.
   */
  begin(id: string): Item | undefined {
    const entry = this.#byId.get(id);
    if (entry === undefined) return undefined;
    this.#entries.splice(this.#insertionIndex(entry), 1);
    this.#byId.delete(id);
    this.#virtualTime = Math.max(this.#virtualTime, entry.start);
    const { owner } = entry;
    owner.waiting.splice(owner.waiting.indexOf(entry), 1);
    owner.finish = Math.max(owner.finish, finishOf(entry));
    this.#sweep();
    return entry.item;
  }

  /**
   * Advances virtual time as if the first jobs that wait, `count` of them, had begun. They are about to begin on other
   * machines, whose news come late: so an owner who comes from now on is level with everybody else already.
   */
  anticipate(count: number): void {
    const last = this.#entries[Math.min(count, this.#entries.length) - 1];
    if (last !== undefined) this.#virtualTime = Math.max(this.#virtualTime, last.start);
  }

  /** Removes a waiting job, whose owner's later jobs move up, and returns its item; undefined where it doesn't wait. */
  remove(id: string): Item | undefined {
    const entry = this.#byId.get(id);
    if (entry === undefined) return undefined;
    const { owner } = entry;
    this.#byId.delete(id);
    const [, ...later] = owner.waiting.splice(owner.waiting.indexOf(entry));
    // All later jobs move in one pass: one by one, it would take long where somebody has thousands.
    const others = this.#entries.filter((other) => other.owner !== owner || other.arrival < entry.arrival);
    for (const moving of later) {
      // A job gets the tag that it would get now, or keeps an earlier one: passed jobs have tags before the virtual
      // time.
      moving.start = Math.min(moving.start, nextStart(owner, this.#virtualTime));
      owner.waiting.push(moving);
    }
    this.#entries = merged(others, later);
    if (this.#isSquare(owner)) this.#owners.delete(entry.ownerId);
    return entry.item;
  }

  /**
   * Forgets how much each owner has had, as the paper does at the end of a busy period. This is to be called when
   * nothing waits and nothing runs: then nobody has been held up by what others had. While jobs wait, it does nothing.
   */
  settle(): void {
    if (this.size > 0) return;
    for (const { finish } of this.#owners.values()) this.#virtualTime = Math.max(this.#virtualTime, finish);
    this.#owners.clear();
  }

  /** Forgets owners that are as good as new. To cost little, this waits for as many beginnings as there are owners. */
  #sweep(): void {
    if (++this.#begunSinceSweep < this.#owners.size) return;
    this.#begunSinceSweep = 0;
    for (const [ownerId, owner] of this.#owners) if (this.#isSquare(owner)) this.#owners.delete(ownerId);
  }

  /** Whether an owner is treated in the same way as a new one, so that nothing needs to be remembered of them. */
  #isSquare({ waiting, finish }: Owner<Item>): boolean {
    return waiting.length === 0 && finish <= this.#virtualTime;
  }

  /** Returns the index in the order at which an entry with this rank is, or would be. */
  #insertionIndex(rank: Rank): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#entries[middle];
      if (other !== undefined && goesBefore(other, rank)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The fields of an entry that decide its position in the order. */
type Rank = Pick<Entry<unknown>, 'start' | 'arrival'>;

function goesBefore(a: Rank, b: Rank): boolean {
  return a.start < b.start || (a.start === b.start && a.arrival < b.arrival);
}

function finishOf({ start, cost }: Pick<Entry<unknown>, 'start' | 'cost'>): number {
  return start + cost;
}

/** Returns the start tag of a job that is added at a virtual time, behind all jobs of its owner. */
function nextStart(owner: Owner<unknown> | undefined, virtualTime: number): number {
  const last = owner?.waiting.at(-1);
  return Math.max(virtualTime, last ? finishOf(last) : (owner?.finish ?? 0));
}

/** Merges two ordered lists into one. */
function merged<Item>(some: readonly Entry<Item>[], others: readonly Entry<Item>[]): Entry<Item>[] {
  const all: Entry<Item>[] = [];
  let taken = 0;
  for (const entry of some) {
    for (let other = others[taken]; other !== undefined && goesBefore(other, entry); other = others[++taken]) {
      all.push(other);
    }
    all.push(entry);
  }
  return all.concat(others.slice(taken));
}
