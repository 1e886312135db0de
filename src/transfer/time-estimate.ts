import type { Scale } from './scales.js';

/** Evaluations that an epoch of L-BFGS takes on average; used until there is a measurement. */
const typicalEvaluationsPerEpoch = 1.25;

/** Estimates how long a transfer will still take from the time of its evaluations so far. */
export class TimeEstimate {
  readonly #scales: readonly Scale[];
  /** Seconds that an evaluation takes for each pixel, as measured lately. */
  #secondsPerPixel = 0;
  #measured = 0;
  #evaluations = 0;
  #epochs = 0;

  constructor(scales: readonly Scale[]) {
    this.#scales = scales;
  }

  /** Runs an evaluation at a scale, given by its index, measures its time and returns its result. */
  async measure<Result>(scale: number, evaluate: () => Promise<Result>): Promise<Result> {
    const begin = performance.now();
    const result = await evaluate();
    const seconds = (performance.now() - begin) / 1000 / this.#pixels(scale);
    // The very first evaluation compiles and allocates: the second one replaces its time. Then a running mean begins.
    const isEarly = this.#measured < 2;
    this.#secondsPerPixel = isEarly ? seconds : 0.7 * this.#secondsPerPixel + 0.3 * seconds;
    this.#measured++;
    return result;
  }

  /** Counts an epoch, with the number of evaluations that it took. */
  count(evaluations: number): void {
    this.#epochs++;
    this.#evaluations += evaluations;
  }

  /** Returns the seconds left with so many epochs to go at a scale, given by its index, and at all finer ones. */
  secondsLeft(scale: number, epochsAtScale: number): number {
    const perEpoch = this.#epochs > 0 ? this.#evaluations / this.#epochs : typicalEvaluationsPerEpoch;
    let pixelEpochs = epochsAtScale * this.#pixels(scale);
    for (let next = scale + 1; next < this.#scales.length; next++) {
      pixelEpochs += (this.#scales[next]?.epochs ?? 0) * this.#pixels(next);
    }
    return pixelEpochs * perEpoch * this.#secondsPerPixel;
  }

  #pixels(scale: number): number {
    const { width = 0, height = 0 } = this.#scales[scale] ?? {};
    return width * height;
  }
}
