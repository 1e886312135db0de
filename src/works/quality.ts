import type { NetworkName } from '../engine/topology.js';

/** How large and how thorough a picture becomes; {@link Qualities} says what each means on a machine. */
export const qualities = ['draft', 'standard', 'high'] as const;
export type Quality = (typeof qualities)[number];

/** What a quality stands for: the network that looks, the longer side in pixels, and optimiser steps. */
export interface QualityMeaning {
  /** Undefined: the one that suits the machine. */
  readonly network?: NetworkName | undefined;
  readonly size: number;
  readonly epochs: number;
}
export type Qualities = Readonly<Record<Quality, QualityMeaning>>;

/** Qualities with the network that each stands for. */
export type CompleteQualities = Readonly<Record<Quality, QualityMeaning & { readonly network: NetworkName }>>;

/**
 * Gives each quality a network: its own, or the one that is set for all, or whichever suits the machine.
 * @param usual - what is set for all.
 * @param networkFor - decides; it throws where weights are missing.
 */
export function withNetworks(
  { draft, standard, high }: Qualities,
  usual: NetworkName | undefined,
  networkFor: (requested: NetworkName | undefined) => NetworkName,
): CompleteQualities {
  const complete = (meaning: QualityMeaning) => {
    return { ...meaning, network: networkFor(meaning.network ?? usual) };
  };
  return { draft: complete(draft), standard: complete(standard), high: complete(high) };
}
