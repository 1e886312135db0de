import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { fitToLongerSide } from '../../src/transfer/scales.js';
import { styleAtScale } from '../../src/transfer/style-at-scale.js';
import type { Distances, Judge } from './judge.js';
import { measurePixels, type PixelMeasures } from './measures.js';
import { type Originals, originalNamed } from './pictures.js';
import type { Scored } from './report.js';
import type { ResultsFolder } from './results-folder.js';
import type { Trial } from './trials.js';

/** Scores all paintings, and measures those that are new. @param size - the paintings' longer side, in pixels. */
export async function scoreTrials(
  trials: readonly Trial[],
  { contents, styles }: Originals,
  results: ResultsFolder,
  judges: readonly Judge[],
  size: number,
): Promise<readonly Scored[]> {
  const scored: Scored[] = [];
  // Each pair keeps its picture objects, because a judge remembers by object which pictures it has seen.
  const seen = new Map<string, { content: RgbImage; style: RgbImage }>();
  for (const trial of trials) {
    const cost = await results.cost(trial);
    if (!cost) continue;
    const pair = `${trial.content} ${trial.style}`;
    const originals =
      seen.get(pair) ??
      asFinestScaleSees(originalNamed(contents, trial.content), originalNamed(styles, trial.style), size);
    seen.set(pair, originals);
    const { content, style } = originals;
    const painting = await results.picture(trial);
    const measured = async <Measures extends object>(by: string, measure: () => Measures | Promise<Measures>) => {
      const kept = await results.measures<Measures>(trial, by);
      if (kept) return kept;
      const measures = await measure();
      await results.keepMeasures(trial, by, measures);
      return measures;
    };
    const pixels = await measured<PixelMeasures>('pixels', () => measurePixels(painting, style));
    const distances: Record<string, Distances> = {};
    for (const judge of judges) {
      distances[judge.name] = await measured(judge.name, () => judge.distances(painting, content, style));
    }
    scored.push({ trial, cost, pixels, distances });
  }
  return scored;
}

function asFinestScaleSees(content: RgbImage, style: RgbImage, size: number): { content: RgbImage; style: RgbImage } {
  const { width, height } = fitToLongerSide(content, size);
  const styles = singleStyle(style).map((one) => styleAtScale(one, { width, height }, 1));
  return { content: resample(content, width, height), style: styles[0]?.picture ?? style };
}
