/**
 * Part of the time that a task takes with one thread in which a second one is of no use: reading and encoding pictures,
 * the optimiser, and what threads wait for each other and for memory. With it, two tasks at once, on one thread each, take
 * 1.5 times as long as one by itself on two, as measured (docs/performance.md, Several at once).
 */
const serialPart = 1 / 3;

/** Returns how many times as long a task takes on some threads, while other tasks have the others, as on all of them. */
export function slowdown(threads: number, all: number): number {
  const time = (count: number) => serialPart + (1 - serialPart) / count;
  return time(threads) / time(all);
}

/** Returns how many of all threads each of some tasks gets: as many as every other, or one more. None goes without. */
export function threadShares(all: number, tasks: number): readonly number[] {
  return Array.from({ length: tasks }, (_, index) => Math.max(1, Math.floor((all + tasks - 1 - index) / tasks)));
}

/**
 * Returns a function that tells how many times as long as alone a task takes while so many, itself included, share threads;
 * undefined where they don't share any.
 */
export function slowdownAmong(sharedThreads: number | undefined): ((tasks: number) => number) | undefined {
  if (sharedThreads === undefined) return undefined;
  return (tasks) => slowdown(Math.max(1, Math.floor(sharedThreads / tasks)), sharedThreads);
}
