import {
  type Activations,
  type PerceptualEvaluation,
  type PerceptualObjective,
  type StyleTarget,
  termName,
} from './engine.js';
import { positionWeights } from './position-weights.js';
import type { Network } from './weights/network.js';

/** Lower bound of a target's energy, so that no error is divided by zero: a black picture may have none. */
const smallestEnergy = 1e-12;

/** A term of a loss, with the energies that its squared errors are divided by. */
export interface MeasuredTerm {
  readonly layer: string;
  /** The name by which the term's error is found. */
  readonly name: string;
  readonly weight: number;
  /** The energy for each squared error of the term: one, or with moments two, of the mean and of the covariance. */
  readonly energies: readonly number[];
  /** The weights of the layer's positions, with a sum of 1, see {@link positionWeights}; undefined without a map. */
  readonly positions: Float32Array | undefined;
}

/** The terms of an objective, measured by {@link measure}. */
export type MeasuredTerms = ReturnType<typeof measure>;

/**
 * Adds to an objective's terms the energies of their targets and the weights of their layers' positions.
 * @throws `engine/unknown-layer` for a layer that the network lacks; for bad maps, what {@link positionWeights} throws.
 */
export function measure(network: Network, { content, style }: PerceptualObjective) {
  const positionsOf = ({ layer, map }: PerceptualObjective['content' | 'style'][number]) =>
    map && positionWeights(network, layer, map);
  return {
    content: content.map((term) => {
      const positions = positionsOf(term);
      return { ...term, name: term.layer, positions, energies: [contentEnergy(term.target, positions)] };
    }),
    style: style.map((term) => ({
      ...term,
      name: termName(term),
      positions: positionsOf(term),
      energies: styleEnergies(term.target),
    })),
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

/** Computes a target's energy Σ target², by which its squared error is divided, in double precision. */
function energyOf(data: Float32Array): number {
  let energy = 0;
  for (const value of data) energy += value * value;
  return Math.max(energy, smallestEnergy);
}

/**
 * Computes the loss and the relative errors of an objective's terms, in double precision.
 * @param squaredErrors - return a term's squared errors in the order of its energies: Σ(F − Fc)², weighted where there
 *   is a map, or Σ(G − Gs)², or Σ(μ − μs)² and Σ(Σ − Σs)². They are called for all terms in order, content first.
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
        return [term.name, relative];
      }),
    );
  const contentErrors = errors(content, squaredErrors.content);
  const styleErrors = errors(style, squaredErrors.style);
  return { loss, content: contentErrors, style: styleErrors };
}
