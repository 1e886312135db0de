import type { Engine, FeatureRequest, PerceptualObjective } from '../engine/engine.js';
import type { RgbImage } from '../imaging/rgb-image.js';

/**
 * An engine that gives a sign of life after every call that it has finished. A watchdog needs these signs, because an
 * epoch may take many evaluations of many seconds each.
 */
export class WatchedEngine implements Engine {
  readonly name;
  readonly network;
  readonly #engine: Engine;
  readonly #onSign: () => void;

  constructor(engine: Engine, onSign: () => void) {
    this.#engine = engine;
    this.#onSign = onSign;
    this.name = engine.name;
    this.network = engine.network;
  }

  features(image: RgbImage, request: FeatureRequest) {
    return this.#watch(this.#engine.features(image, request));
  }

  async prepare(objective: PerceptualObjective) {
    const prepared = await this.#engine.prepare(objective);
    return { evaluate: (image: RgbImage) => this.#watch(prepared.evaluate(image)) };
  }

  async makeRoomFor(...sizes: Parameters<NonNullable<Engine['makeRoomFor']>>) {
    await this.#engine.makeRoomFor?.(...sizes);
  }

  dispose() {
    return this.#engine.dispose();
  }

  async #watch<Result>(call: Promise<Result>): Promise<Result> {
    const result = await call;
    this.#onSign();
    return result;
  }
}
