import type { NetworkName } from '../engine/topology.js';
import type { Quality, QualityMeaning } from './quality.js';

/** Qualities with the network that each stands for. */
export type CompleteQualities = Readonly<Record<Quality, QualityMeaning & { readonly network: NetworkName }>>;

/**
 * Gives each quality a network: its own, or the one that is set for all, or whichever suits the machine.
 * @param usual - what is set for all.
 * @param networkFor - decides; it throws where weights are missing.
 */
export function withNetworks(
  { draft, standard, high }: Readonly<Record<Quality, QualityMeaning>>,
  usual: NetworkName | undefined,
  networkFor: (requested: NetworkName | undefined) => NetworkName,
): CompleteQualities {
  const complete = (meaning: QualityMeaning) => {
    return { ...meaning, network: networkFor(meaning.network ?? usual) };
  };
  return { draft: complete(draft), standard: complete(standard), high: complete(high) };
}
