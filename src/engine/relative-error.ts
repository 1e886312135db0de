import type { Activations, PerceptualEvaluation, PerceptualObjective, StyleTarget } from './engine.js';
import { positionWeights } from './position-weights.js';
import type { Network } from './weights/network.js';

/** A target's energy below which a relative error would be a division by nothing (a black picture's, say). */
const smallestEnergy = 1e-12;

/** A term of a loss with what its error is relative to. */
export interface MeasuredTerm {
  readonly layer: string;
  readonly weight: number;
  /** For each squared error that the term consists of. Those of moments have two: of the mean, and of the covariance. */
  readonly energies: readonly number[];
  /** The term's map at the layer, with a sum of 1; see {@link positionWeights}. */
  readonly positions: Float32Array | undefined;
}

/**
 * An objective whose terms know their targets' energy and the weights of their layers' positions.
 * @throws `engine/unknown-layer`, `engine/…` for maps that are none.
 */
export function measure(network: Network, { content, style }: PerceptualObjective) {
  const positionsOf = ({ layer, map }: PerceptualObjective['content' | 'style'][number]) =>
    map && positionWeights(network, layer, map);
  return {
    content: content.map((term) => {
      const positions = positionsOf(term);
      return { ...term, positions, energies: [contentEnergy(term.target, positions)] };
    }),
    style: style.map((term) => ({ ...term, positions: positionsOf(term), energies: styleEnergies(term.target) })),
  };
}

function contentEnergy({ data }: Activations, positions: Float32Array | undefined): number {
  if (positions === undefined) return energyOf(data);
  let energy = 0;
  for (let i = 0; i < data.length; i++) {
    energy += (positions[i % positions.length] as number) * (data[i] as number) ** 2;
  }
  return Math.max(energy, smallestEnergy);
}

function styleEnergies(target: StyleTarget): readonly number[] {
  return 'covariance' in target ? [energyOf(target.mean), energyOf(target.covariance)] : [energyOf(target.data)];
}

/** Σ target², in double precision: what a squared error is divided by. */
function energyOf(data: Float32Array): number {
  let energy = 0;
  for (const value of data) energy += value * value;
  return Math.max(energy, smallestEnergy);
}

/**
 * Loss and relative errors of an objective's terms, summed in double precision.
 * @param squaredErrors - of a term, in the order of its energies: Σ(F − Fc)², with the weights of the positions where it has
 *   some, or Σ(G − Gs)², or Σ(μ − μs)² and Σ(Σ − Σs)². Asked for all terms in their order, content first.
 */
export function relativeErrors<Content extends MeasuredTerm, Style extends MeasuredTerm>(
  { content, style }: { readonly content: readonly Content[]; readonly style: readonly Style[] },
  squaredErrors: {
    readonly content: (term: Content) => readonly number[];
    readonly style: (term: Style) => readonly number[];
  },
): Omit<PerceptualEvaluation, 'gradient'> {
  let loss = 0;
  const errors = <Term extends MeasuredTerm>(
    terms: readonly Term[],
    squaredErrorsOf: (term: Term) => readonly number[],
  ) =>
    new Map(
      terms.map((term) => {
        const squared = squaredErrorsOf(term);
        const relative = term.energies.reduce((sum, energy, i) => sum + (squared[i] ?? Number.NaN) / energy, 0);
        loss += term.weight * relative;
        return [term.layer, relative];
      }),
    );
  const contentErrors = errors(content, squaredErrors.content);
  const styleErrors = errors(style, squaredErrors.style);
  return { loss, content: contentErrors, style: styleErrors };
}
