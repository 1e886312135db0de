import { type CodedError, codedErrors, isCoded } from '../coded-error.js';

/** The codes of an engine's errors. */
export type EngineErrorCode =
  | 'unknown-layer'
  | 'unknown-network'
  | 'wrong-size'
  | 'wrong-topology'
  | 'not-finite'
  | 'wrong-map'
  | 'disposed'
  | 'not-installed'
  | 'unavailable'
  | 'out-of-memory'
  | 'device-lost'
  | 'failed';

/** Makes the error of an engine that cannot do what it was asked for, or that failed at it. */
export const engineError = codedErrors<EngineErrorCode>('engine');

/** Tells whether an error says that there is not enough memory: an engine's or an encoder's, or one of Node.js for an array. */
export function isOutOfMemory(error: unknown): boolean {
  if (isCoded(error, 'engine', 'out-of-memory') || isCoded(error, 'image', 'no-memory-to-write')) return true;
  return error instanceof RangeError && /allocat/i.test(error.message);
}

/**
 * Returns the error for a layer that the network does not have; its message names the layer, and those to choose from.
 * @param owner - the owner of the layers, as it reads in a sentence: "vgg19", "the network".
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
