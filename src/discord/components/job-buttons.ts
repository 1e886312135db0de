import type { BaseInteraction } from 'discord.js';
import type { Job } from '../../jobs/job.js';
import type { BotServices } from '../bot-services.js';
import type { ComponentHandler, ModalHandler } from '../command.js';
import { kindOf, kinds } from '../kinds/kinds.js';
import { deleteAction } from '../messages/outcome-message.js';
import { cancelAction } from '../messages/progress-message.js';
import { isModerator } from '../permissions.js';
import { UserError } from '../user-error.js';

/** The buttons of messages about a job. Whoever sees a result may go on from it; cancelling and deleting is its owner's. */
export const jobButtons: readonly ComponentHandler[] = [
  {
    action: cancelAction,
    async execute(interaction, [jobId = ''], bot) {
      const job = bot.journal.job(jobId);
      if (job === undefined) throw new UserError('already-over');
      const by = roleOf(interaction, job.ownerId, job.guildId);
      // What the message says is left to the job's outcome: an edit from here could come after it, and stay.
      await Promise.all([interaction.deferUpdate(), cancelJob(job, by, interaction, bot)]);
    },
  },
  {
    action: deleteAction,
    async execute(interaction, [ownerId = ''], _bot) {
      roleOf(interaction, ownerId, interaction.guildId ?? undefined);
      await interaction.deferUpdate();
      await interaction.deleteReply();
    },
  },
  ...[...new Set(kinds.flatMap(({ looks }) => looks.map(({ action }) => action)))].map(resultButton),
];

/** The modals that buttons below results open. */
export const resultModals: readonly ModalHandler[] = kinds.flatMap(({ modalAction: action }) => {
  return action === undefined ? [] : [resultModal(action)];
});

/** The buttons of an action below results: what it means is up to the kind of each. */
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
      await (kindOf(job.order)?.submit(action, interaction, job, bot) ?? outdated());
    },
  };
}

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
function finishedJob(jobId: string, { journal, config }: BotServices): Job {
  const job = journal.job(jobId);
  if (job === undefined) throw new UserError('inputs-expired', { hours: config.keepInputsMs / 3_600_000 });
  return job;
}

function outdated(): never {
  throw new UserError('outdated-button');
}
