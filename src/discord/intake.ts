import { setTimeout as wait } from 'node:timers/promises';
import { DiscordAPIError, MessageFlags, RESTJSONErrorCodes, type RepliableInteraction } from 'discord.js';
import { isCoded } from '../coded-error.js';
import { type Job, newJobId } from '../jobs/job.js';
import { checkLimits, checkPlace } from './admission.js';
import type { BotServices } from './bot-services.js';
import type { OutgoingMessage, SentMessage } from './delivery/messenger.js';
import { replyAddress } from './delivery/reply-address.js';
import type { Request } from './kinds/request.js';
import { acceptedMessage } from './messages/progress-message.js';
import { serverOf } from './permissions.js';
import { textsFor } from './texts/texts.js';
import { UserError } from './user-error.js';

/** Before Discord is asked again whether it has taken an answer; after 3 seconds it takes none, which makes it certain. */
const pausesMs = [500, 1000, 2000] as const;

/**
 * Takes a request of any kind: checks it, writes it into the journal, answers the interaction, and begins with it.
 * @throws UserError where it is refused; then nothing has happened, and the interaction waits for its answer.
 */
export async function takeRequest(
  interaction: RepliableInteraction,
  request: Request,
  bot: BotServices,
): Promise<void> {
  if (bot.jobs.stopping) throw new UserError('stopping');
  const guildId = serverOf(interaction);
  const settings = bot.settings.of(guildId);
  checkPlace(interaction, settings);
  const { order, task, inputs, private: ephemeral } = request(settings, bot);
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
  if (messageId !== undefined) bot.journal.answered(job.id, messageId, interaction.channelId ?? undefined);
  bot.jobs.begin({ ...job, reply: { ...reply, messageId } });
}

async function accepted(job: Job, { jobs }: BotServices): Promise<void> {
  try {
    await jobs.accept(job);
  } catch (error) {
    // `queue-full` or `stopping`.
    if (isCoded(error, 'jobs')) throw new UserError(error.code);
    throw error;
  }
}

/**
 * Tells a job's person that it was accepted.
 * @returns the id of the message, undefined where Discord doesn't say it.
 * @throws what went wrong, with the job withdrawn: nobody knows of it.
 */
async function announced(interaction: RepliableInteraction, job: Job, bot: BotServices): Promise<string | undefined> {
  const message = acceptedMessage(textsFor(interaction.locale), job);
  const { content, components } = message;
  const flags = job.reply.ephemeral ? ({ flags: MessageFlags.Ephemeral } as const) : {};
  try {
    const response = await interaction.reply({ content, components, ...flags, withResponse: true });
    return response.resource?.message?.id ?? response.interaction.responseMessageId ?? undefined;
  } catch (error) {
    // Where the connection broke, or the REST client sent it twice, the person may have been told all the same.
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
 * Whether a job's person was told of it, or is now: asks until Discord says so. `perhaps`: it doesn't; then a job too many is better
 * than one that is lost.
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
