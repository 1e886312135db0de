import { DiscordAPIError, MessageFlags, RESTJSONErrorCodes, type RepliableInteraction } from 'discord.js';
import {
  type InputSource,
  type Job,
  newJobId,
  type PresetReference,
  type Quality,
  type Strength,
  type StyleTransferOrder,
} from '../jobs/job.js';
import { QueueFullError, StoppingError } from '../jobs/job-service.js';
import { planStyleTransfer } from '../jobs/style-transfer-order.js';
import { builtInPreset } from '../presets/presets.js';
import type { ServerSettings } from '../settings/server-settings.js';
import { checkLimits, checkPlace } from './admission.js';
import type { BotServices } from './bot-services.js';
import { replyAddress } from './delivery/reply-address.js';
import { acceptedMessage } from './messages/progress-message.js';
import { serverOf } from './permissions.js';
import { textsFor } from './texts/texts.js';
import { UserError } from './user-error.js';

/** A picture that somebody asks for; what is undefined is up to the server's settings. */
export interface PictureRequest {
  readonly content: InputSource;
  readonly style: InputSource;
  /** Undefined: the style is a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly strength?: Strength | undefined;
  readonly quality?: Quality | undefined;
  readonly epochs?: number | undefined;
  readonly keepColors?: boolean | undefined;
  readonly spoiler?: boolean | undefined;
  /** Whether only the person sees the result. */
  readonly private?: boolean | undefined;
}

/**
 * Takes a request for a picture: checks it, writes it into the journal, answers the interaction, and begins with it.
 * @throws UserError where it is refused; then nothing has happened, and the interaction waits for its answer.
 */
export async function takeRequest(
  interaction: RepliableInteraction,
  request: PictureRequest,
  bot: BotServices,
): Promise<void> {
  if (bot.jobs.stopping) throw new UserError('stopping');
  const guildId = serverOf(interaction);
  const settings = bot.settings.of(guildId);
  checkPlace(interaction, settings);
  const order = orderFor(request, settings, bot);
  const task = planStyleTransfer(order, tunedBy(request.preset), bot.config.qualities[order.quality].network);
  const reply = replyAddress(interaction, { ephemeral: request.private ?? false });
  checkLimits(interaction, { settings, task, reply }, bot);
  const job: Job = {
    id: newJobId(),
    task,
    order,
    inputs: { content: request.content, style: request.style },
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

/** The epochs that can be asked for in a server; checked again here, since Discord knows only the widest bounds. */
export function checkEpochs(epochs: number, { epochsMax }: ServerSettings): void {
  if (!Number.isInteger(epochs) || epochs < 1 || epochs > epochsMax) {
    throw new UserError('epochs-out-of-range', { min: 1, max: epochsMax });
  }
}

/** What a request comes to with a server's settings. */
function orderFor(request: PictureRequest, settings: ServerSettings, { config }: BotServices): StyleTransferOrder {
  const quality = request.quality ?? settings.quality ?? 'standard';
  const meaning = config.qualities[quality];
  if (request.epochs !== undefined) checkEpochs(request.epochs, settings);
  // Who chooses a quality chooses its care as well; the server's default is for those who choose nothing.
  const usual = request.quality === undefined ? (settings.epochsDefault ?? meaning.epochs) : meaning.epochs;
  return {
    kind: 'style-transfer',
    preset: request.preset,
    strength: request.strength ?? 'balanced',
    quality,
    size: Math.min(meaning.size, settings.sizeMax),
    epochs: request.epochs ?? Math.min(usual, settings.epochsMax),
    keepColors: request.keepColors ?? false,
    spoiler: request.spoiler ?? false,
  };
}

function tunedBy(preset: PresetReference | undefined) {
  if (preset === undefined || preset.guildId !== undefined) return {};
  return builtInPreset(preset.name)?.transfer ?? {};
}

async function accepted(job: Job, { jobs }: BotServices): Promise<void> {
  try {
    await jobs.accept(job);
  } catch (error) {
    if (error instanceof QueueFullError) throw new UserError('queue-full');
    if (error instanceof StoppingError) throw new UserError('stopping');
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
    const sent = isRefused ? undefined : await bot.messenger.announce(job.reply, message).catch(() => undefined);
    if (sent !== undefined) return sent.id;
    bot.jobs.withdraw(job);
    throw error;
  }
}
