import { uniformNumbers } from '../random-numbers.js';
import type { Engine } from './engine.js';

/** What is measured by {@link evaluationSeconds}. */
export interface EvaluationTrial {
  /** Width and height of the picture, in pixels. */
  readonly side: number;
  readonly content: readonly string[];
  readonly style: readonly string[];
  /** The statistics by which style is compared. Default: Gram matrices. */
  readonly statistic?: 'gram' | 'moments' | undefined;
  /** Number of evaluations before those that count: the first ones compile and allocate. */
  readonly warmUps: number;
  readonly rounds: number;
}

/** Returns the median seconds that an engine takes to evaluate loss and gradient of a picture of noise. */
export async function evaluationSeconds(engine: Engine, trial: EvaluationTrial): Promise<number> {
  const { side, content, style, statistic = 'gram', warmUps, rounds } = trial;
  const uniform = uniformNumbers(1);
  const picture = () => ({
    width: side,
    height: side,
    data: Float32Array.from({ length: 3 * side * side }, uniform),
  });
  const { activations } = await engine.features(picture(), { activations: content });
  const { grams, moments } = await engine.features(
    picture(),
    statistic === 'gram' ? { grams: style } : { moments: style },
  );
  const prepared = await engine.prepare({
    content: [...activations].map(([layer, target]) => ({ layer, weight: 1, target })),
    style: [...grams, ...moments].map(([layer, target]) => ({ layer, weight: 1, target })),
  });
  const image = picture();
  const seconds: number[] = [];
  for (let round = -warmUps; round < rounds; round++) {
    const begin = performance.now();
    await prepared.evaluate(image);
    if (round >= 0) seconds.push((performance.now() - begin) / 1000);
  }
  return seconds.toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
}
