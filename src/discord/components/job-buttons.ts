import { type BaseInteraction, MessageFlags } from 'discord.js';
import type { Job } from '../../jobs/job.js';
import type { BotServices } from '../bot-services.js';
import type { ComponentHandler, ModalHandler } from '../command.js';
import { takeRequest } from '../intake.js';
import { kindOf, kinds } from '../kinds/kinds.js';
import { backToFormAction, refusedForm } from '../messages/form-refusal.js';
import { deleteAction, tryAgainAction } from '../messages/outcome-message.js';
import { cancelAction } from '../messages/progress-message.js';
import { isModerator } from '../permissions.js';
import { errorText, textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';

/**
 * Handlers of the buttons in messages about a job. Anybody who sees a result may go on from it; only the job's owner
 * and moderators may cancel the job or delete its message.
 */
export const jobButtons: readonly ComponentHandler[] = [
  {
    action: cancelAction,
    async execute(interaction, [jobId = ''], bot) {
      const job = bot.journal.job(jobId);
      if (job === undefined) throw new UserError('already-over');
      const by = roleOf(interaction, job.ownerId, job.guildId);
      // Only the job's outcome edits the message: an edit from here could come after the outcome's, and stay.
      await Promise.all([interaction.deferUpdate(), cancelJob(job, by, interaction, bot)]);
    },
  },
  {
    action: deleteAction,
    async execute(interaction, [ownerId = ''], { serverLog }) {
      const guildId = interaction.guildId ?? undefined;
      const by = roleOf(interaction, ownerId, guildId);
      await interaction.deferUpdate();
      await interaction.deleteReply();
      if (by !== 'moderator' || guildId === undefined) return;
      const [who, owner, where] = [`<@${interaction.user.id}>`, `<@${ownerId}>`, `<#${interaction.channelId}>`];
      await serverLog.write(guildId, ({ settings }) => settings.deletedEntry(who, owner, where));
    },
  },
  {
    action: tryAgainAction,
    async execute(interaction, [jobId = ''], bot) {
      const job = finishedJob(jobId, bot);
      await takeRequest(interaction, kindOf(job.order)?.again(job) ?? outdated(), bot);
    },
  },
  {
    action: backToFormAction,
    async execute(interaction, [jobId = '', ...parts], bot) {
      const job = finishedJob(jobId, bot);
      const before = { parts, text: interaction.message.content };
      await (kindOf(job.order)?.showAgain(interaction, job, bot, before) ?? outdated());
    },
  },
  ...[...new Set(kinds.flatMap(({ actions }) => actions))].map(resultButton),
];

/** Handlers of the modals that buttons below results open. */
export const resultModals: readonly ModalHandler[] = kinds.flatMap(({ modalAction: action }) => {
  return action === undefined ? [] : [resultModal(action)];
});

/** Returns the handler of the buttons with one action below results; each kind decides what the action means. */
function resultButton(action: string): ComponentHandler {
  return {
    action,
    async execute(interaction, [jobId = ''], bot) {
      const job = finishedJob(jobId, bot);
      await (kindOf(job.order)?.press(action, interaction, job, bot) ?? outdated());
    },
  };
}

function resultModal(action: string): ModalHandler {
  return {
    action,
    async execute(interaction, [jobId = ''], bot) {
      const job = finishedJob(jobId, bot);
      const kind = kindOf(job.order);
      try {
        await (kind?.submit(action, interaction, job, bot) ?? outdated());
      } catch (error) {
        const texts = textsFor(interaction.locale);
        const entered = kind?.entered(interaction, texts);
        if (!(error instanceof UserError) || entered === undefined) throw error;
        const refusal = errorText(texts, error.code, error.context);
        await interaction.reply({ ...refusedForm(texts, refusal, jobId, entered), flags: MessageFlags.Ephemeral });
      }
    },
  };
}

/**
 * Returns why a person may cancel or delete a job: it is theirs, or they moderate the server that it belongs to.
 * @throws UserError `not-yours` where neither is so.
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

/** Cancels a job, and writes into the server's log where a moderator does so to somebody else's. */
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

/** Returns a job whose pictures are still kept. @throws UserError `inputs-expired` where they are gone. */
function finishedJob(jobId: string, { journal, config }: BotServices): Job {
  const job = journal.job(jobId);
  if (job === undefined) throw new UserError('inputs-expired', { hours: config.keepInputsMs / 3_600_000 });
  return job;
}

function outdated(): never {
  throw new UserError('outdated-button');
}
