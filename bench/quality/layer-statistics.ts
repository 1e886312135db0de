import type { Activations } from '../../src/engine/engine.js';

/** Mean and covariance of a layer's channels over its positions, in double precision. */
export interface LayerStatistics {
  readonly channels: number;
  readonly mean: Float64Array;
  /** Covariance matrix of the channels, of channels · channels values. */
  readonly covariance: Float64Array;
}

/**
 * Returns the statistics of the inner positions of a layer. They are computed here and not by the engine, because an
 * engine should not be its own judge.
 *
 * @param margin - number of positions that are left out on each side.
 */
export function layerStatistics(activations: Activations, margin = 0): LayerStatistics {
  const rows = innerRows(activations, margin);
  const { channels } = activations;
  const positions = (rows[0] as Float32Array).length;
  const mean = Float64Array.from(rows, (row) => row.reduce((sum, value) => sum + value, 0) / positions);
  const centred = rows.map((row, channel) => row.map((value) => value - (mean[channel] as number)));
  const covariance = new Float64Array(channels * channels);
  for (const [i, a] of centred.entries()) {
    for (let j = i; j < channels; j++) {
      const b = centred[j] as Float32Array;
      let sum = 0;
      for (let position = 0; position < positions; position++) {
        sum += (a[position] as number) * (b[position] as number);
      }
      covariance[i * channels + j] = sum / positions;
      covariance[j * channels + i] = sum / positions;
    }
  }
  return { channels, mean, covariance };
}

/** Returns ΔG²/G² of the Gram matrices, which are Σ + μμᵀ: 0 for equal statistics, 1 if all of `of` are 0. */
export function gramDistance(of: LayerStatistics, target: LayerStatistics): number {
  return relative(gram(of), gram(target));
}

/** Returns ‖Δμ‖²/‖μ‖² + ‖ΔΣ‖²/‖Σ‖² of means and covariances. */
export function momentsDistance(of: LayerStatistics, target: LayerStatistics): number {
  return relative(of.mean, target.mean) + relative(of.covariance, target.covariance);
}

/** Returns mean(ΔF²)/mean(F²) over the inner positions of two layers of one shape. */
export function activationsDistance(of: Activations, target: Activations, margin = 0): number {
  const [rows, targets] = [innerRows(of, margin), innerRows(target, margin)];
  let [difference, norm] = [0, 0];
  for (const [channel, row] of rows.entries()) {
    const targetRow = targets[channel] as Float32Array;
    for (const [i, value] of row.entries()) {
      difference += (value - (targetRow[i] as number)) ** 2;
      norm += (targetRow[i] as number) ** 2;
    }
  }
  return difference / norm;
}

function gram({ channels, mean, covariance }: LayerStatistics): Float64Array {
  return covariance.map((value, i) => {
    return value + (mean[Math.floor(i / channels)] as number) * (mean[i % channels] as number);
  });
}

function relative(values: Float64Array, targets: Float64Array): number {
  let [difference, norm] = [0, 0];
  for (const [i, target] of targets.entries()) {
    difference += ((values[i] as number) - target) ** 2;
    norm += target ** 2;
  }
  return difference / norm;
}

/** Returns the values of each channel at its inner positions. */
function innerRows({ channels, width, height, data }: Activations, margin: number): readonly Float32Array[] {
  const [innerWidth, innerHeight] = [width - 2 * margin, height - 2 * margin];
  return Array.from({ length: channels }, (_, channel) => {
    const inner = new Float32Array(innerWidth * innerHeight);
    for (let y = 0; y < innerHeight; y++) {
      const from = (channel * height + y + margin) * width + margin;
      inner.set(data.subarray(from, from + innerWidth), y * innerWidth);
    }
    return inner;
  });
}
