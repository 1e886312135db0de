import type { NetworkName } from '../../engine/topology.js';
import type { ServerSettings } from '../../settings/server-settings.js';
import type { Quality } from '../../works/quality.js';
import type { BotServices } from '../bot-services.js';
import { UserError } from '../user-error.js';

/** How large a picture becomes, and how thoroughly it is computed. */
export interface Measures {
  readonly quality: Quality;
  readonly network: NetworkName | undefined;
  /** Longer side of the picture, in pixels. */
  readonly size: number;
  readonly epochs: number;
}

/** The measures that somebody chose; for undefined ones, the server's settings decide. */
export interface ChosenMeasures {
  readonly quality?: Quality | undefined;
  readonly epochs?: number | undefined;
}

/**
 * Returns the measures of a picture: what its person chose, and for the rest what the server or the quality has.
 * @throws UserError `epochs-out-of-range` for more epochs than the server allows.
 */
export function measuresFor(
  { quality: chosen, epochs }: ChosenMeasures,
  settings: ServerSettings,
  { config }: Pick<BotServices, 'config'>,
): Measures {
  const quality = chosen ?? settings.quality ?? 'standard';
  const meaning = config.qualities[quality];
  if (epochs !== undefined) checkEpochs(epochs, settings.epochsMax);
  // A chosen quality brings its own epochs; the server's default is for people who choose no quality.
  const usual = chosen === undefined ? (settings.epochsDefault ?? meaning.epochs) : meaning.epochs;
  return {
    quality,
    network: meaning.network,
    size: Math.min(meaning.size, settings.sizeMax),
    epochs: epochs ?? Math.min(usual, settings.epochsMax),
  };
}

/**
 * Checks epochs against the most that a server allows; Discord checks only the widest bounds.
 * @throws UserError `epochs-out-of-range` outside of 1 to `max`.
 */
export function checkEpochs(epochs: number, max: number): void {
  if (!Number.isInteger(epochs) || epochs < 1 || epochs > max) {
    throw new UserError('epochs-out-of-range', { min: 1, max });
  }
}
