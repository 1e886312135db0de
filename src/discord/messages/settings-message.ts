import type { BlockedPerson } from '../../settings/blocked-people.js';
import type { ServerSettings } from '../../settings/server-settings.js';
import type { Qualities } from '../../works/quality.js';
import type { Texts } from '../texts/texts.js';

/** Length that the text of a message may have for Discord, with room for what comes before a list of people. */
const peopleLength = 1000;

export interface SettingsView {
  /** The settings that hold. */
  readonly settings: ServerSettings;
  /** The settings as the server wishes them: some of these may be above the operator's limits. */
  readonly wished: ServerSettings;
  readonly blocked: readonly BlockedPerson[];
  /** The operator's limit for a job, in seconds; undefined: there is none. */
  readonly jobSeconds: number | undefined;
}

/** Returns all settings of a server, a line each, and whom it has blocked. */
export function settingsMessage(texts: Texts, view: SettingsView, qualities: Qualities): string {
  const { title, labels, nobody } = texts.settings;
  const lines = settingsLines(texts, view, qualities).map(({ label, value }) => `**${label}:** ${value}`);
  const people = listed(view.blocked.map((person) => blockText(texts, person)));
  return [`### ${title}`, ...lines, `**${labels.blocked}:** ${people === '' ? nobody : people}`].join('\n');
}

/** Returns what a change has changed: a line for each setting, with what it was and what it is, and one for each person. */
export function changesBetween(
  texts: Texts,
  before: SettingsView,
  now: SettingsView,
  qualities: Qualities,
): readonly string[] {
  const old = new Map(settingsLines(texts, before, qualities).map(({ label, value }) => [label, value]));
  const settings = settingsLines(texts, now, qualities).flatMap(({ label, value }) => {
    const former = old.get(label);
    return former === value ? [] : [`**${label}:** ${former} → ${value}`];
  });
  return [
    ...settings,
    ...changedBlocks(texts, before, now).map((change) => `**${texts.settings.labels.blocked}:** ${change}`),
  ];
}

/** Returns what has changed about blocked people, each with how it was, crossed out, before how it is. */
function changedBlocks(texts: Texts, before: SettingsView, now: SettingsView): readonly string[] {
  const blocks = ({ blocked }: SettingsView) =>
    new Map(blocked.map((person) => [person.personId, blockText(texts, person)]));
  const [old, current] = [blocks(before), blocks(now)];
  return [...new Set([...old.keys(), ...current.keys()])].flatMap((person) => {
    const [former, block] = [old.get(person), current.get(person)];
    if (former === block) return [];
    return [[...(former ? [`~~${former}~~`] : []), ...(block ? [block] : [])].join(' → ')];
  });
}

function blockText(texts: Texts, { personId, until }: BlockedPerson): string {
  return texts.settings.blockedPerson(`<@${personId}>`, until);
}

interface Line {
  readonly label: string;
  readonly value: string;
}

function settingsLines(
  texts: Texts,
  { settings, wished, jobSeconds }: SettingsView,
  qualities: Qualities,
): readonly Line[] {
  const { epochsMax, epochsDefault, sizeMax, framesMax, activePerPerson, dailyPerPerson, queueLength, logChannelId } =
    settings;
  const quality = settings.quality ?? 'standard';
  const channels = (ids: readonly string[]) => ids.map((id) => `<#${id}>`);
  const { labels, limited, ...says } = texts.settings;
  /** Adds what the server wishes where the operator allows less. */
  const within = (value: string, name: 'epochsMax' | 'sizeMax' | 'queueLength') =>
    wished[name] > settings[name] ? `${value} ${limited(wished[name])}` : value;
  const epochs = says.epochs(epochsMax, Math.min(epochsDefault ?? qualities[quality].epochs, epochsMax));
  return [
    { label: labels.epochs, value: within(epochs, 'epochsMax') },
    { label: labels.size, value: within(says.size(sizeMax), 'sizeMax') },
    { label: labels.animation, value: says.animation(framesMax) },
    { label: labels.limits, value: within(says.limits(activePerPerson, dailyPerPerson, queueLength), 'queueLength') },
    ...(jobSeconds === undefined ? [] : [{ label: labels.time, value: says.time(jobSeconds) }]),
    { label: labels.quality, value: texts.qualities[quality] },
    {
      label: labels.channels,
      value: says.channels(
        channels(settings.channelsAllowed),
        channels(settings.channelsDenied),
        settings.ageRestrictedAllowed,
      ),
    },
    { label: labels.roles, value: says.roles(settings.rolesAllowed.map((id) => `<@&${id}>`)) },
    { label: labels.log, value: says.log(logChannelId === undefined ? undefined : `<#${logChannelId}>`) },
  ];
}

/** Returns as many of these texts as fit into a message, one after another. */
function listed(texts: readonly string[]): string {
  const fitting = texts.filter(
    (_, index) => texts.slice(0, index + 1).reduce((sum, text) => sum + text.length + 2, 0) <= peopleLength,
  );
  const left = texts.length - fitting.length;
  return [...fitting, ...(left > 0 ? [`+ ${left}`] : [])].join(', ');
}
