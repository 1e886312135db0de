import type { BaseInteraction } from 'discord.js';
import type { Job } from '../../jobs/job.js';
import { type Order, type OrderKind, type OrderOf, strengths } from '../../jobs/order.js';
import type { BotServices } from '../bot-services.js';
import type { ComponentHandler } from '../command.js';
import { takeRequest } from '../intake.js';
import { againModal } from '../messages/again-modal.js';
import { labModal } from '../messages/lab-modal.js';
import { isModerator, serverOf } from '../permissions.js';
import { moreEpochs } from '../requests/more-epochs.js';
import { styleTransferAgain, styleTransferRequest } from '../requests/style-transfer-request.js';
import { textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';

/** The buttons below a job's message. Whoever sees a result may go on from it; cancelling and deleting is its owner's. */
export const jobButtons: readonly ComponentHandler[] = [
  {
    action: 'cancel',
    async execute(interaction, [jobId = ''], bot) {
      const job = bot.journal.job(jobId);
      if (job === undefined) throw new UserError('already-over');
      const by = roleOf(interaction, job.ownerId, job.guildId);
      // What the message says is left to the job's outcome: an edit from here could come after it, and stay.
      await Promise.all([interaction.deferUpdate(), cancelJob(job, by, interaction, bot)]);
    },
  },
  {
    action: 'more-epochs',
    async execute(interaction, [jobId = ''], bot) {
      const job = finishedJob(jobId, bot);
      const settings = bot.settings.of(serverOf(interaction));
      await takeRequest(interaction, moreEpochs(job, job.order, settings), bot);
    },
  },
  {
    action: 'stronger',
    async execute(interaction, [jobId = ''], bot) {
      const job = finishedJob(jobId, bot);
      const order = orderOf(job, 'style-transfer');
      const strength = strengths[strengths.indexOf(order.strength) + 1];
      if (strength === undefined) throw new UserError('strongest-already');
      await takeRequest(interaction, styleTransferRequest({ ...styleTransferAgain(job, order), strength }), bot);
    },
  },
  {
    action: 'again',
    async execute(interaction, [jobId = ''], bot) {
      const job = finishedJob(jobId, bot);
      const texts = textsFor(interaction.locale);
      if (job.order.kind === 'lab') {
        await interaction.showModal(labModal(texts, job.id, job.order));
        return;
      }
      const order = orderOf(job, 'style-transfer');
      const guildId = serverOf(interaction);
      const { epochsMax } = bot.settings.of(guildId);
      const styles = bot.styles.options(guildId, texts);
      await interaction.showModal(againModal(texts, job.id, order, styles, epochsMax));
    },
  },
  {
    action: 'delete',
    async execute(interaction, [ownerId = ''], _bot) {
      roleOf(interaction, ownerId, interaction.guildId ?? undefined);
      await interaction.deferUpdate();
      await interaction.deleteReply();
    },
  },
];

/**
 * What lets a person touch somebody's job: that it is theirs, or that they moderate the server that it is of.
 * @throws UserError where nothing does.
 */
export function roleOf(
  interaction: BaseInteraction,
  ownerId: string,
  guildId: string | undefined,
): 'owner' | 'moderator' {
  if (interaction.user.id === ownerId) return 'owner';
  if (guildId !== undefined && interaction.guildId === guildId && isModerator(interaction)) return 'moderator';
  throw new UserError('not-yours');
}

/** Cancels a job; what a moderator does to others is in the server's log. */
export async function cancelJob(
  job: Job,
  by: 'owner' | 'moderator',
  { user }: BaseInteraction,
  { jobs, serverLog }: BotServices,
): Promise<void> {
  const cancelled = await jobs.cancel(job.id, by);
  if (!cancelled || by !== 'moderator' || job.guildId === undefined) return;
  await serverLog.write(job.guildId, ({ settings }) => settings.cancelledEntry(`<@${user.id}>`, `<@${job.ownerId}>`));
}

/**
 * A job whose pictures are still kept.
 * @throws UserError where they are gone.
 */
export function finishedJob(jobId: string, { journal, config }: BotServices): Job {
  const job = journal.job(jobId);
  if (job === undefined) throw new UserError('inputs-expired', { hours: config.keepInputsMs / 3_600_000 });
  return job;
}

/**
 * The order of a job, of the one kind that a button is for.
 * @throws UserError where it is of another kind.
 */
export function orderOf<Kind extends OrderKind>({ order }: Job, kind: Kind): OrderOf<Kind> {
  if (!isOfKind(order, kind)) throw new UserError('outdated-button');
  return order;
}

function isOfKind<Kind extends OrderKind>(order: Order, kind: Kind): order is OrderOf<Kind> {
  return order.kind === kind;
}
