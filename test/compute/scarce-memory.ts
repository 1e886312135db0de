import type { Engine } from '../../src/engine/engine.js';
import { engineError } from '../../src/engine/engine-error.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';

/** Returns an engine that runs out of memory with pictures of this width or wider. */
export function withMemoryFor(engine: Engine, width: number): Engine {
  return failing(
    engine,
    engineError('out-of-memory', 'OOM when allocating a tensor.'),
    (image) => image.width >= width,
  );
}

/** Returns an engine that throws an error at the evaluation of certain pictures. */
export function failing(engine: Engine, error: Error, isDoomed: (image: RgbImage) => boolean): Engine {
  const { name, network } = engine;
  return {
    name,
    network,
    features: (image, asked) => engine.features(image, asked),
    prepare: async (objective) => {
      const prepared = await engine.prepare(objective);
      return {
        evaluate: async (image) => {
          if (isDoomed(image)) throw error;
          return prepared.evaluate(image);
        },
      };
    },
    dispose: () => engine.dispose(),
  };
}
