import { corpus } from './corpus.js';
import { type Judgement, judge } from './judge.js';
import { mutant } from './mutate.js';

/** What a child process tells: which picture it begins, and what came of it. */
export type FuzzMessage =
  | { readonly kind: 'begun'; readonly number: number }
  | { readonly kind: 'judged'; readonly number: number; readonly seed: string; readonly judgement: Judgement };

const [runSeed, first, end] = process.argv.slice(2).map(Number) as [number, number, number];
const tell = (message: FuzzMessage) => process.send?.(message);

const seeds = await corpus();
for (let number = first; number < end; number++) {
  tell({ kind: 'begun', number });
  const made = mutant(seeds, runSeed, number);
  const judgement = await judge(made).catch(
    (error: unknown) => ({ verdict: 'unforeseen', detail: String(error) }) as const,
  );
  tell({ kind: 'judged', number, seed: made.seed.name, judgement });
}
process.disconnect();
