import type { PerceptualEvaluation, PerceptualObjective } from './engine.js';

/** A target's energy below which a relative error would be a division by nothing (a black picture's, say). */
const smallestEnergy = 1e-12;

/** A term of a loss with what its error is relative to. */
interface MeasuredTerm {
  readonly layer: string;
  readonly weight: number;
  readonly energy: number;
}

/** Σ target², in double precision: what a squared error is divided by. */
export function energyOf({ data }: { readonly data: Float32Array }): number {
  let energy = 0;
  for (const value of data) energy += value * value;
  return Math.max(energy, smallestEnergy);
}

/** An objective whose terms know their targets' energy. */
export function withEnergies({ content, style }: PerceptualObjective) {
  return {
    content: content.map((term) => ({ ...term, energy: energyOf(term.target) })),
    style: style.map((term) => ({ ...term, energy: energyOf(term.target) })),
  };
}

/**
 * Loss and relative errors of an objective's terms, summed in double precision.
 * @param squaredError - Σ(F − Fc)² or Σ(G − Gs)² of a term, given its layer and its index among those of its kind.
 */
export function relativeErrors<Content extends MeasuredTerm, Style extends MeasuredTerm>(
  { content, style }: { readonly content: readonly Content[]; readonly style: readonly Style[] },
  squaredError: (kind: 'content' | 'style', layer: string, index: number) => number,
): Omit<PerceptualEvaluation, 'gradient'> {
  let loss = 0;
  const errors = (kind: 'content' | 'style', terms: readonly MeasuredTerm[]) =>
    new Map(
      terms.map(({ layer, weight, energy }, index) => {
        const relative = squaredError(kind, layer, index) / energy;
        loss += weight * relative;
        return [layer, relative];
      }),
    );
  const contentErrors = errors('content', content);
  const styleErrors = errors('style', style);
  return { loss, content: contentErrors, style: styleErrors };
}
