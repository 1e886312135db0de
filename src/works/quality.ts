import type { NetworkName } from '../engine/topology.js';

/** Names for how large and how thorough a picture becomes; {@link Qualities} says what each means on a machine. */
export const qualities = ['draft', 'standard', 'high'] as const;
export type Quality = (typeof qualities)[number];

/** The meaning of a quality: a network, the longer side in pixels, and the number of epochs. */
export interface QualityMeaning {
  /** The network that looks at pictures; undefined: the one that suits the machine. */
  readonly network?: NetworkName | undefined;
  readonly size: number;
  readonly epochs: number;
}
export type Qualities = Readonly<Record<Quality, QualityMeaning>>;

/** Qualities of which each names its network. */
export type CompleteQualities = Readonly<Record<Quality, QualityMeaning & { readonly network: NetworkName }>>;

/**
 * Returns the qualities with a network each: the quality's own, or the one that is set for all, or the one that suits
 * the machine.
 * @param usual - the network that is set for all qualities.
 * @param networkFor - returns the network to use for one that is requested; throws where its weights are missing.
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
