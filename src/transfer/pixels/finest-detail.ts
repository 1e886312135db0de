import type { WeightMap } from '../../engine/engine.js';

/** Returns the finest detail of a plane: what a 3×3 binomial blur takes away. At its edges the outermost values go on. */
export function finestDetail({ width, height, data }: WeightMap): WeightMap {
  const across = new Float32Array(data.length);
  for (let row = 0; row < data.length; row += width) {
    let [left, middle] = [data[row] as number, data[row] as number];
    for (let x = row; x < row + width; x++) {
      const right = x + 1 < row + width ? (data[x + 1] as number) : middle;
      across[x] = (left + 2 * middle + right) / 4;
      left = middle;
      middle = right;
    }
  }
  const detail = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    const above = y > 0 ? -width : 0;
    const below = y + 1 < height ? width : 0;
    for (let i = y * width; i < (y + 1) * width; i++) {
      const sum = (across[i + above] as number) + 2 * (across[i] as number) + (across[i + below] as number);
      detail[i] = (data[i] as number) - sum / 4;
    }
  }
  return { width, height, data: detail };
}
