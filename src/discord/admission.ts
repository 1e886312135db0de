import { type BaseInteraction, PermissionFlagsBits } from 'discord.js';
import { tellingMarginMs } from '../jobs/frames-in-time.js';
import { type JobInputs, keeperOf, type PresetReference, type ReplyAddress } from '../jobs/job.js';
import type { JobService } from '../jobs/job-service.js';
import type { Journal } from '../jobs/journal.js';
import { builtInPreset } from '../presets/presets.js';
import type { ServerSettings } from '../settings/server-settings.js';
import { type Task, withFrames } from '../works/works.js';
import { isAgeRestricted } from './age-restriction.js';
import type { BotServices } from './bot-services.js';
import { serverOf } from './permissions.js';
import { UserError } from './user-error.js';

const dayMs = 24 * 3_600_000;

/** How many times as long as it may take a picture must be estimated to take to be refused: it would be half done. */
const hopelessTimes = 2;

/** How many allowed channels or roles a refusal names: it is to be read at a glance. */
const namedAtMost = 10;

/**
 * Checks whether a person may ask for a picture in this channel, with the roles that they have, and whether the bot
 * could answer. It is called before anything is downloaded or computed.
 * @throws UserError that says what would work.
 */
export function checkChannel(
  interaction: BaseInteraction,
  settings: ServerSettings,
  { blocked }: Pick<BotServices, 'blocked'>,
): void {
  const guildId = serverOf(interaction);
  const block = guildId && blocked.find(guildId, interaction.user.id, Date.now());
  if (block) throw new UserError('blocked', block.until === undefined ? {} : { until: block.until });
  const channel = interaction.channel;
  const parentId = channel?.isThread() ? channel.parentId : null;
  const ids = [interaction.channelId, parentId].filter((id) => id !== null);
  const { channelsAllowed, channelsDenied, ageRestrictedAllowed, rolesAllowed } = settings;
  if (!ageRestrictedAllowed && isAgeRestricted(interaction)) throw new UserError('age-restricted-channel');
  const isAmong = (channels: readonly string[]) => ids.some((id) => channels.includes(id));
  if (isAmong(channelsDenied) || (channelsAllowed.length > 0 && !isAmong(channelsAllowed))) {
    const allowed = channelsAllowed.slice(0, namedAtMost).map((id) => `<#${id}>`);
    throw new UserError('channel-not-allowed', { allowed: allowed.join(' ') });
  }
  if (rolesAllowed.length > 0 && !rolesOf(interaction).some((role) => rolesAllowed.includes(role))) {
    const allowed = rolesAllowed.slice(0, namedAtMost).map((id) => `<@&${id}>`);
    throw new UserError('role-not-allowed', { allowed: allowed.join(' ') });
  }
  if (interaction.guildId !== null && !interaction.appPermissions.has(PermissionFlagsBits.AttachFiles)) {
    throw new UserError('bot-may-not-attach');
  }
}

/** The parts of the bot that limits are looked up in. */
export interface LimitedParts {
  readonly jobs: Pick<JobService, 'estimateSeconds'> & { readonly queue: Pick<JobService['queue'], 'estimateEnd'> };
  readonly journal: Pick<Journal, 'countOpen' | 'acceptancesSince' | 'countWaiting'>;
  readonly config: Pick<BotServices['config'], 'jobSeconds'>;
}

/**
 * Checks whether one more picture is within the limits of the person and the server, and can be ready in time.
 * @throws UserError that says which limit is reached, and when or where to try again.
 */
export function checkLimits(
  interaction: BaseInteraction,
  {
    settings,
    task,
    reply,
  }: {
    readonly settings: ServerSettings;
    readonly task: Task;
    readonly reply: ReplyAddress;
  },
  { jobs, journal, config: { jobSeconds } }: LimitedParts,
): void {
  const ownerId = interaction.user.id;
  const guildId = serverOf(interaction);
  const now = Date.now();
  const { activePerPerson, dailyPerPerson, queueLength } = settings;
  const active = journal.countOpen({ ownerId, guildId });
  if (active >= activePerPerson) throw new UserError('too-many-active', { count: active, limit: activePerPerson });
  const ordered = journal.acceptancesSince(ownerId, guildId, now - dayMs);
  if (ordered.length >= dailyPerPerson) {
    // There may be more of them than the limit, where that was lowered: so many have to be a day old first.
    const leftLast = ordered[ordered.length - dailyPerPerson] ?? now;
    const limits = { count: ordered.length, limit: dailyPerPerson };
    throw new UserError('daily-limit', { ...limits, again: leftLast + dayMs });
  }
  const waiting = guildId === undefined ? 0 : journal.countWaiting({ guildId });
  if (guildId !== undefined && waiting >= queueLength) {
    throw new UserError('server-queue-full', { count: waiting, limit: queueLength });
  }
  // Nobody knows yet whether its content moves. What has no time then gets fewer frames.
  const still = withFrames(task, 1);
  const seconds = jobs.estimateSeconds(still);
  if (jobSeconds !== undefined && seconds > hopelessTimes * jobSeconds) {
    throw new UserError('too-long', { seconds, limit: jobSeconds });
  }
  if (reply.deadlineAt !== undefined) {
    const endsAt = jobs.queue.estimateEnd({ ownerId, task: still });
    if (endsAt === Number.POSITIVE_INFINITY) throw new UserError('no-machine');
    if (endsAt + tellingMarginMs > reply.deadlineAt) {
      throw new UserError('wait-too-long', { minutes: Math.ceil((endsAt - now) / 60_000) });
    }
  }
}

/**
 * Checks whether the styles that a request names are there for whoever asks: their keeper may have removed one since, one
 * that was added in an age-restricted channel is not there in others, and what somebody keeps for themselves is there for
 * them alone.
 * @throws UserError `unknown-preset`
 */
export function checkStyles(
  interaction: BaseInteraction,
  inputs: JobInputs,
  { keptStyles }: Pick<BotServices, 'keptStyles'>,
): void {
  const isThere = (reference: PresetReference) => {
    const keeper = keeperOf(reference);
    if (keeper === undefined) return builtInPreset(reference.name) !== undefined;
    if ('personId' in keeper && keeper.personId !== interaction.user.id) return false;
    const style = keptStyles.find(keeper, reference.name);
    return style !== undefined && (!style.isAgeRestricted || isAgeRestricted(interaction));
  };
  for (const source of Object.values(inputs)) {
    if (source?.kind !== 'preset') continue;
    if (!isThere(source.preset)) throw new UserError('unknown-preset', { name: source.preset.name });
  }
}

/** Returns the ids of the roles that the person has in this server. */
function rolesOf({ member }: BaseInteraction): readonly string[] {
  if (member === null) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}
