import type { Scale } from './scales.js';

/** Evaluations an epoch of L-BFGS takes on average, until there is a measurement. */
const typicalEvaluationsPerEpoch = 1.25;

/** How long a transfer will still take, from what its evaluations have taken so far. */
export class TimeEstimate {
  readonly #scales: readonly Scale[];
  /** Seconds a pixel and evaluation, as measured lately. */
  #secondsPerPixel = 0;
  #measured = 0;
  #evaluations = 0;
  #epochs = 0;

  constructor(scales: readonly Scale[]) {
    this.#scales = scales;
  }

  /** Runs an evaluation at a scale and measures it. */
  async measure<Result>(scale: number, evaluate: () => Promise<Result>): Promise<Result> {
    const begin = performance.now();
    const result = await evaluate();
    const seconds = (performance.now() - begin) / 1000 / this.#pixels(scale);
    // The very first evaluation compiles and allocates: it stands for nothing once there is a second one. From then on the
    // mean runs.
    const isEarly = this.#measured < 2;
    this.#secondsPerPixel = isEarly ? seconds : 0.7 * this.#secondsPerPixel + 0.3 * seconds;
    this.#measured++;
    return result;
  }

  /** Counts an epoch that took so many evaluations. */
  count(evaluations: number): void {
    this.#epochs++;
    this.#evaluations += evaluations;
  }

  /** Seconds that are left with so many epochs to go at a scale and all the finer ones to come. */
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
