import type { ComponentHandler } from '../command.js';
import { takeRequest } from '../intake.js';
import { whiteWalkerRequest } from '../kinds/style-transfer.js';
import { chosenPicture, pictureChoiceAction } from '../messages/picture-choice.js';
import { queueCancelAction } from '../messages/queue-message.js';
import { galleryAction, styleGallery } from '../messages/style-gallery.js';
import { queueView } from '../queue-view.js';
import { stylePlace } from '../style-choice.js';
import { textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';
import { cancelJob, roleOf } from './job-buttons.js';

/** Handlers of the menus, and of the page buttons, in messages that are about no single job. */
export const menus: readonly ComponentHandler[] = [
  {
    action: pictureChoiceAction,
    async execute(interaction, _parts, bot) {
      const value = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
      const picture = chosenPicture(interaction.message, value);
      if (picture === undefined) throw new UserError('no-picture-in-message');
      const { url, spoiler } = picture;
      await takeRequest(interaction, whiteWalkerRequest({ kind: 'url', url }, { spoiler }), bot);
    },
  },
  {
    action: queueCancelAction,
    async execute(interaction, _parts, bot) {
      const jobId = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
      const job = jobId === undefined ? undefined : bot.journal.job(jobId);
      if (job === undefined) throw new UserError('already-over');
      const by = roleOf(interaction, job.ownerId, job.guildId);
      await interaction.deferUpdate();
      await cancelJob(job, by, interaction, bot);
      await interaction.editReply({ ...queueView(interaction, bot), allowedMentions: { parse: [] } });
    },
  },
  {
    action: galleryAction,
    async execute(interaction, [page = '0'], bot) {
      const texts = textsFor(interaction.locale);
      const options = bot.styles.options(stylePlace(interaction), texts);
      const gallery = await styleGallery(texts, options, Number(page), bot.keptStyles);
      await interaction.update({ ...gallery, attachments: [] });
    },
  },
];
