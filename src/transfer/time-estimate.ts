import { evaluationPixels } from './margins.js';
import type { Scale } from './scales.js';

/** Evaluations that an epoch of L-BFGS takes on average; used until there is a measurement. */
const typicalEvaluationsPerEpoch = 1.25;

/** Estimates how long a transfer will still take from the time of its evaluations and epochs so far. */
export class TimeEstimate {
  readonly #scales: readonly Scale[];
  /** Seconds that an evaluation takes for each pixel's work, as measured lately; see {@link evaluationPixels}. */
  #secondsPerPixel = 0;
  #measured = 0;
  #evaluations = 0;
  #epochs = 0;
  /** Seconds of all evaluations, and of all epochs with what the optimiser does besides. */
  #evaluating = 0;
  #stepping = 0;

  constructor(scales: readonly Scale[]) {
    this.#scales = scales;
  }

  /** Runs an evaluation at a scale, given by its index, measures its time and returns its result. */
  async measure<Result>(scale: number, evaluate: () => Promise<Result>): Promise<Result> {
    const begin = performance.now();
    const result = await evaluate();
    const seconds = (performance.now() - begin) / 1000;
    this.#evaluating += seconds;
    const perPixel = seconds / this.#pixels(scale);
    // The very first evaluation compiles and allocates: the second one replaces its time. Then a running mean begins.
    const isEarly = this.#measured < 2;
    this.#secondsPerPixel = isEarly ? perPixel : 0.7 * this.#secondsPerPixel + 0.3 * perPixel;
    this.#measured++;
    return result;
  }

  /** Runs an epoch, measures its time and returns its result. */
  async measureEpoch<Result extends { readonly evaluations: number }>(
    step: () => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    const begin = performance.now();
    const result = await step();
    if (result === undefined) return undefined;
    this.#stepping += (performance.now() - begin) / 1000;
    this.#epochs++;
    this.#evaluations += result.evaluations;
    return result;
  }

  /** Returns the seconds left with so many epochs to go at a scale, given by its index, and at all finer ones. */
  secondsLeft(scale: number, epochsAtScale: number): number {
    const perEpoch = this.#epochs > 0 ? this.#evaluations / this.#epochs : typicalEvaluationsPerEpoch;
    let pixelEpochs = epochsAtScale * this.#pixels(scale);
    for (let next = scale + 1; next < this.#scales.length; next++) {
      pixelEpochs += (this.#scales[next]?.epochs ?? 0) * this.#pixels(next);
    }
    const besides = this.#evaluating > 0 ? Math.max(1, this.#stepping / this.#evaluating) : 1;
    return pixelEpochs * perEpoch * this.#secondsPerPixel * besides;
  }

  #pixels(scale: number): number {
    const { width = 1, height = 1 } = this.#scales[scale] ?? {};
    return evaluationPixels({ width, height });
  }
}
