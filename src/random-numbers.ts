/**
 * Returns a generator of uniformly distributed numbers in [0, 1): mulberry32 (Tommy Ettinger, public domain). The same
 * seed gives the same numbers on every machine.
 */
export function uniformNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Returns a generator of normally distributed numbers with mean 0 and variance 1 (Box and Muller 1958). The same seed
 * gives the same numbers on every machine.
 */
export function normalNumbers(seed: number): () => number {
  const uniform = uniformNumbers(seed);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const number = spare;
      spare = undefined;
      return number;
    }
    // 1 − u is never 0, whose logarithm would be infinite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
