import type { Gram, Moments, StyleTarget } from '../engine.js';

/**
 * The Gram matrix or the moments of a whole, from those of its pieces: the sum of what they are at the pieces' positions,
 * in double precision.
 */
export class StatisticSum {
  #weight = 0;
  #channels = 0;
  #mean: Float64Array | undefined;
  #matrix = new Float64Array();

  /**
   * Adds a piece.
   * @param weight - the share of the whole that its positions are, above 0.
   * @param statistic - its own Gram matrix, or its own mean and covariance; the same kind for all pieces.
   */
  add(weight: number, statistic: StyleTarget): void {
    if (this.#weight === 0) {
      this.#channels = statistic.channels;
      this.#matrix = new Float64Array(statistic.channels ** 2);
      if (isMoments(statistic)) this.#mean = new Float64Array(statistic.channels);
    }
    const sum = this.#weight + weight;
    const share = weight / sum;
    const matrix = this.#matrix;
    const added = isMoments(statistic) ? statistic.covariance : statistic.data;
    for (let i = 0; i < matrix.length; i++) {
      matrix[i] = (matrix[i] as number) + share * ((added[i] as number) - (matrix[i] as number));
    }
    if (isMoments(statistic)) this.#move(share, statistic.mean);
    this.#weight = sum;
  }

  /** Returns the Gram matrix of all pieces. */
  gram(): Gram {
    return { channels: this.#channels, data: Float32Array.from(this.#matrix) };
  }

  /** Returns the moments of all pieces. */
  moments(): Moments {
    return {
      channels: this.#channels,
      mean: Float32Array.from(this.#mean ?? []),
      covariance: Float32Array.from(this.#matrix),
    };
  }

  /**
   * Moves the mean towards that of a piece with a share of the sum. That the means differ is covariance, too (Chan, Golub
   * and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
   */
  #move(share: number, pieceMean: Float32Array): void {
    const mean = this.#mean ?? new Float64Array(this.#channels);
    const difference = mean.map((value, channel) => (pieceMean[channel] as number) - value);
    for (let row = 0; row < mean.length; row++) {
      const factor = share * (1 - share) * (difference[row] as number);
      for (let column = 0; column < mean.length; column++) {
        const i = row * mean.length + column;
        this.#matrix[i] = (this.#matrix[i] as number) + factor * (difference[column] as number);
      }
      mean[row] = (mean[row] as number) + share * (difference[row] as number);
    }
  }
}

/** Tells moments from a Gram matrix. */
export function isMoments(statistic: StyleTarget): statistic is Moments {
  return 'covariance' in statistic;
}
