import type { Engine } from '../../src/engine/engine.js';
import { engineError } from '../../src/engine/engine-error.js';

/** Returns an engine that runs out of memory with pictures of this width or wider. */
export function withMemoryFor(engine: Engine, width: number): Engine {
  const { name, network } = engine;
  return {
    name,
    network,
    features: (image, asked) => engine.features(image, asked),
    prepare: async (objective) => {
      const prepared = await engine.prepare(objective);
      return {
        evaluate: async (image) => {
          if (image.width >= width) throw engineError('out-of-memory', 'OOM when allocating a tensor.');
          return prepared.evaluate(image);
        },
      };
    },
    dispose: () => engine.dispose(),
  };
}
