/** Numbers in [0, 1), the same for the same seed everywhere: mulberry32 (Tommy Ettinger, public domain). */
export function uniformNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers, mean 0 and variance 1 (Box and Muller 1958), the same for the same seed everywhere. */
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
