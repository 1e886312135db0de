import type { RgbImage } from '../imaging/rgb-image.js';
import type { Engine, FeatureRequest, PerceptualObjective } from './engine.js';

/** Wraps an engine and counts the seconds that are spent waiting for it. */
export class TimedEngine implements Engine {
  readonly name;
  readonly network;
  readonly #engine: Engine;
  /** Seconds that calls of the engine have taken so far. */
  seconds = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.name = engine.name;
    this.network = engine.network;
  }

  features(image: RgbImage, request: FeatureRequest) {
    return this.#measure(() => this.#engine.features(image, request));
  }

  async prepare(objective: PerceptualObjective) {
    const prepared = await this.#measure(() => this.#engine.prepare(objective));
    return { evaluate: (image: RgbImage) => this.#measure(() => prepared.evaluate(image)) };
  }

  makeRoomFor(...sizes: Parameters<NonNullable<Engine['makeRoomFor']>>) {
    return this.#measure(async () => this.#engine.makeRoomFor?.(...sizes));
  }

  dispose() {
    return this.#engine.dispose();
  }

  async #measure<Result>(call: () => Promise<Result>): Promise<Result> {
    const begin = performance.now();
    try {
      return await call();
    } finally {
      this.seconds += (performance.now() - begin) / 1000;
    }
  }
}
