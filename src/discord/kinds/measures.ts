import type { NetworkName } from '../../engine/topology.js';
import type { PersonalDefaults } from '../../settings/personal-defaults.js';
import type { ServerSettings } from '../../settings/server-settings.js';
import { type Quality, qualities } from '../../works/quality.js';
import type { BotServices } from '../bot-services.js';
import { UserError } from '../user-error.js';

/** How large a picture becomes, and how thoroughly it is computed. */
export interface Measures {
  readonly quality: Quality;
  readonly network: NetworkName | undefined;
  /** Longer side of the picture, in pixels. */
  readonly size: number;
  readonly epochs: number;
  /** The next quality at which the picture would be larger; undefined where nothing larger is allowed. */
  readonly larger: Quality | undefined;
}

/** The measures that somebody chose; for undefined ones, the server's settings decide. */
export interface ChosenMeasures {
  readonly quality?: Quality | undefined;
  readonly epochs?: number | undefined;
}

/**
 * Returns the measures of a picture: what its person chose, now or for always, and for the rest what the server or the
 * quality has.
 * @throws UserError `epochs-out-of-range` for more epochs than the server allows.
 */
export function measuresFor(
  { quality: asked, epochs }: ChosenMeasures,
  settings: ServerSettings,
  { config }: Pick<BotServices, 'config'>,
  personal: PersonalDefaults = {},
): Measures {
  const chosen = asked ?? personal.quality;
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
    larger: largerQuality(quality, settings, { config }),
  };
}

/** Returns the next quality at which a picture is larger than at this one; undefined where nothing larger is allowed. */
export function largerQuality(
  quality: Quality,
  { sizeMax }: ServerSettings,
  { config }: Pick<BotServices, 'config'>,
): Quality | undefined {
  const sizeAt = (each: Quality) => Math.min(config.qualities[each].size, sizeMax);
  return qualities.slice(qualities.indexOf(quality) + 1).find((each) => sizeAt(each) > sizeAt(quality));
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
