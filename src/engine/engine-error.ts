import { type CodedError, codedErrors } from '../coded-error.js';

/** What can go wrong in an engine. */
export type EngineErrorCode =
  | 'unknown-layer'
  | 'unknown-network'
  | 'wrong-size'
  | 'wrong-topology'
  | 'not-finite'
  | 'wrong-map'
  | 'disposed'
  | 'unavailable'
  | 'out-of-memory'
  | 'failed';

/** Something an engine was asked for and cannot do, or did and failed at. */
export const engineError = codedErrors<EngineErrorCode>('engine');

/**
 * A layer that the network at hand does not have. Names the layer and those there are to choose from.
 * @param owner - whose layers they are, as it reads in a sentence: "vgg19", "the network".
 */
export function unknownLayer(layer: string, available: readonly string[], owner = 'the network'): CodedError {
  const known = available.join(', ');
  const choice =
    available.length > 0
      ? `Choose from ${known}.`
      : 'Layers are called conv3_2 (before the ReLU) or relu3_2 (after it): block 3, second convolution.';
  const message = `There is no layer "${layer}" in ${owner}. ${choice}`;
  return engineError('unknown-layer', message, { layer, available: known, owner });
}
