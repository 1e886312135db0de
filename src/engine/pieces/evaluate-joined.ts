import {
  type PerceptualEvaluation,
  type PerceptualObjective,
  type PieceEngine,
  termName,
  type WeightMap,
} from '../engine.js';
import { type MeasuredTerms, measure } from '../relative-error.js';
import type { Network } from '../weights/network.js';
import { evaluateInPieces, type WholeBehind } from './evaluate-in-pieces.js';
import type { PieceRun } from './features-of-pieces.js';
import { type Junction, termsAround } from './plan.js';

/** An objective that is evaluated in pieces as far as a junction, and as a whole behind it. */
export interface JoinedObjective {
  readonly objective: PerceptualObjective;
  readonly before: MeasuredTerms;
  readonly whole: WholeBehind;
}

/**
 * Prepares an objective that has terms behind a junction.
 * @param behind - the engine of the blocks behind the junction, see {@link PieceEngine.blocksAfter}.
 */
export async function prepareJoined(
  behind: Pick<PieceEngine, 'prepare'>,
  network: Network,
  objective: PerceptualObjective,
  junction: Junction,
): Promise<JoinedObjective> {
  const content = termsAround(objective.content, junction);
  const style = termsAround(objective.style, junction);
  const asSeenBehind = mapsAtBlock(junction.block);
  const prepared = await behind.prepare({
    content: content.behind.map(asSeenBehind),
    style: style.behind.map(asSeenBehind),
  });
  return {
    objective,
    before: measure(network, { content: content.before, style: style.before }),
    whole: { layer: junction.layer, objective: prepared },
  };
}

/** Evaluates such an objective, with its terms in their order. */
export async function evaluateJoined(
  run: PieceRun,
  { objective, before, whole }: JoinedObjective,
): Promise<PerceptualEvaluation> {
  const { content, style, ...others } = await evaluateInPieces(run, before, whole);
  const inOrder = (terms: readonly Parameters<typeof termName>[0][], errors: ReadonlyMap<string, number>) =>
    new Map(terms.map((term) => [termName(term), errors.get(termName(term)) ?? Number.NaN]));
  return { ...others, content: inOrder(objective.content, content), style: inOrder(objective.style, style) };
}

/** Returns a function that brings the maps of terms to the size of a block's activations. */
function mapsAtBlock(block: number) {
  const made = new Map<WeightMap, WeightMap>();
  return <Term extends { readonly map?: WeightMap }>(term: Term): Term => {
    if (!term.map) return term;
    const map = made.get(term.map) ?? averaged(term.map, 2 ** (block - 1));
    made.set(term.map, map);
    return { ...term, map };
  };
}

/** Averages squares of pixels; rows and columns that make no whole square are left out, as poolings do. */
function averaged({ width, height, data }: WeightMap, side: number): WeightMap {
  const [columns, rows] = [Math.floor(width / side), Math.floor(height / side)];
  const means = new Float32Array(columns * rows);
  for (let y = 0; y < rows * side; y++) {
    for (let x = 0; x < columns * side; x++) {
      const position = Math.floor(y / side) * columns + Math.floor(x / side);
      means[position] = (means[position] as number) + (data[y * width + x] as number) / side ** 2;
    }
  }
  return { width: columns, height: rows, data: means };
}
