import type { ServerSettings } from '../../settings/server-settings.js';
import type { Qualities } from '../../works/quality.js';
import type { Texts } from '../texts/texts.js';

/** Returns all settings of a server, a line each. */
export function settingsMessage(texts: Texts, settings: ServerSettings, qualities: Qualities): string {
  return [`### ${texts.settings.title}`, ...settingsLines(texts, settings, qualities)].join('\n');
}

/** Returns those lines of the settings that a change has changed, as they are now. */
export function changesBetween(
  texts: Texts,
  before: ServerSettings,
  now: ServerSettings,
  qualities: Qualities,
): readonly string[] {
  const old = settingsLines(texts, before, qualities);
  return settingsLines(texts, now, qualities).filter((line) => !old.includes(line));
}

function settingsLines(texts: Texts, settings: ServerSettings, qualities: Qualities): readonly string[] {
  const { epochsMax, epochsDefault, sizeMax, activePerPerson, dailyPerPerson, queueLength, logChannelId } = settings;
  const quality = settings.quality ?? 'standard';
  const channels = (ids: readonly string[]) => ids.map((id) => `<#${id}>`);
  return [
    texts.settings.epochs(epochsMax, Math.min(epochsDefault ?? qualities[quality].epochs, epochsMax)),
    texts.settings.size(sizeMax),
    texts.settings.limits(activePerPerson, dailyPerPerson, queueLength),
    texts.settings.quality(texts.qualities[quality]),
    texts.settings.channels(channels(settings.channelsAllowed), channels(settings.channelsDenied)),
    texts.settings.roles(settings.rolesAllowed.map((id) => `<@&${id}>`)),
    texts.settings.log(logChannelId === undefined ? undefined : `<#${logChannelId}>`),
  ];
}
