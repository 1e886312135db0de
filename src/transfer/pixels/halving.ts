/** Sets values to the means of 2×2 values each, of two rows that begin at `from`, `width` apart. */
export function placeMeans(data: Float32Array, from: number, width: number, means: Float32Array): void {
  for (let x = 0, at = from; x < means.length; x++, at += 2) {
    const upper = (data[at] as number) + (data[at + 1] as number);
    const lower = (data[at + width] as number) + (data[at + width + 1] as number);
    means[x] = (upper + lower) / 4;
  }
}

/** Adds a quarter of each value to the 2×2 values that it is the mean of, in two rows that begin at `to`, `width` apart. */
export function addShares(values: Float32Array, sums: Float32Array, to: number, width: number): void {
  for (let x = 0, at = to; x < values.length; x++, at += 2) {
    const share = (values[x] as number) / 4;
    sums[at] = (sums[at] as number) + share;
    sums[at + 1] = (sums[at + 1] as number) + share;
    sums[at + width] = (sums[at + width] as number) + share;
    sums[at + width + 1] = (sums[at + width + 1] as number) + share;
  }
}

/** Adds each value to the one in a row that begins at `to`. */
export function addValues(values: Float32Array, sums: Float32Array, to: number): void {
  for (let x = 0; x < values.length; x++) sums[to + x] = (sums[to + x] as number) + (values[x] as number);
}
