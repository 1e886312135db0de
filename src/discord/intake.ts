import { setTimeout as wait } from 'node:timers/promises';
import { DiscordAPIError, MessageFlags, RESTJSONErrorCodes, type RepliableInteraction } from 'discord.js';
import { isCoded } from '../coded-error.js';
import { type Job, newJobId } from '../jobs/job.js';
import { checkChannel, checkLimits, checkStyles } from './admission.js';
import type { BotServices } from './bot-services.js';
import type { OutgoingMessage, SentMessage } from './delivery/messenger.js';
import { replyAddress } from './delivery/reply-address.js';
import type { Request } from './kinds/request.js';
import { acceptedMessage } from './messages/progress-message.js';
import { serverOf } from './permissions.js';
import { textsFor } from './texts/texts.js';
import { UserError } from './user-error.js';

/**
 * Pauses before Discord is asked again whether it has taken an answer, in milliseconds. It takes none later than 3
 * seconds after the interaction, so the last time that it is asked makes it certain.
 */
const pausesMs = [500, 1000, 2000] as const;

/**
 * Takes a request of any kind: checks it, writes its job into the journal, answers the interaction, and begins the job.
 * @throws UserError where the request is refused; then nothing has happened, and the interaction waits for its answer.
 */
export async function takeRequest(
  interaction: RepliableInteraction,
  request: Request,
  bot: BotServices,
): Promise<void> {
  if (bot.jobs.stopping) throw new UserError('stopping');
  const guildId = serverOf(interaction);
  const settings = bot.settings.of(guildId);
  checkChannel(interaction, settings, bot);
  const personal = bot.personalDefaults.of(interaction.user.id);
  const { order, task, inputs, private: ephemeral } = request(settings, bot, personal);
  checkStyles(interaction, inputs, bot);
  const reply = replyAddress(interaction, { ephemeral });
  checkLimits(interaction, { settings, task, reply }, bot);
  const job: Job = {
    id: newJobId(),
    task,
    order,
    inputs,
    ownerId: interaction.user.id,
    guildId,
    reply,
    acceptedAt: Date.now(),
    state: 'accepted',
    crashes: 0,
    outcome: undefined,
  };
  await accepted(job, bot);
  const messageId = await announced(interaction, job, bot);
  remember(job, messageId, interaction.channelId ?? undefined, bot);
  bot.jobs.begin({ ...job, reply: { ...reply, messageId } });
}

/** Writes down which message shows a job. Without that, the next process finds the message by its interaction. */
function remember(job: Job, messageId: string | undefined, channelId: string | undefined, bot: BotServices): void {
  if (messageId === undefined) return;
  try {
    bot.journal.answered(job.id, messageId, channelId);
  } catch (error) {
    // The person has been told that the job was accepted, so it is begun all the same.
    bot.log.error({ job: job.id, err: error }, 'the message of a job could not be written down');
  }
}

async function accepted(job: Job, { jobs }: BotServices): Promise<void> {
  try {
    await jobs.accept(job);
  } catch (error) {
    // The code is `queue-full` or `stopping`, and has a text for people.
    if (isCoded(error, 'jobs')) throw new UserError(error.code);
    throw error;
  }
}

/**
 * Tells a job's person that it was accepted.
 * @returns the id of the message; undefined where Discord doesn't tell it.
 * @throws what Discord's client threw where the person was not told; the job has been withdrawn then.
 */
async function announced(interaction: RepliableInteraction, job: Job, bot: BotServices): Promise<string | undefined> {
  const message = acceptedMessage(textsFor(interaction.locale), job);
  const { components } = message;
  const { Ephemeral, IsComponentsV2 } = MessageFlags;
  const flags = job.reply.ephemeral ? ([IsComponentsV2, Ephemeral] as const) : ([IsComponentsV2] as const);
  try {
    const response = await interaction.reply({ components, flags, withResponse: true });
    return response.resource?.message?.id ?? response.interaction.responseMessageId ?? undefined;
  } catch (error) {
    // If the connection broke, or the REST client sent the answer twice, the person may have been told all the same.
    const isRefused =
      error instanceof DiscordAPIError && error.code !== RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged;
    const known = isRefused ? 'no' : await isKnown(job, message, bot);
    if (known === 'no') {
      bot.jobs.withdraw(job);
      throw error;
    }
    return known === 'perhaps' ? undefined : known.id;
  }
}

/**
 * Tells a job's person that it was accepted, if they weren't told yet; asks Discord until it says how that stands.
 * @returns the message; `no` where there is none; `perhaps` where Discord never says it: then the job is kept, since a
 *   job too many is better than one that is lost.
 */
async function isKnown(
  job: Job,
  message: OutgoingMessage,
  { messenger, log }: BotServices,
): Promise<SentMessage | 'no' | 'perhaps'> {
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      return (await messenger.announce(job.reply, message)) ?? 'no';
    } catch (error) {
      log.warn({ job: job.id, err: error }, 'whether the job was announced is not known');
      if (pauseMs !== undefined) await wait(pauseMs);
    }
  }
  return 'perhaps';
}
