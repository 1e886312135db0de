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
