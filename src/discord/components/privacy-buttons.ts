import type { ComponentHandler } from '../command.js';
import { privacyDeleteAction } from '../messages/privacy-message.js';
import { textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';

/** Handler of the button below the question of `/privacy delete`. */
export const privacyButtons: readonly ComponentHandler[] = [
  {
    action: privacyDeleteAction,
    async execute(interaction, [userId = ''], { erasure, log }) {
      if (interaction.user.id !== userId) throw new UserError('not-yours');
      await interaction.deferUpdate();
      const jobs = await erasure.person(userId);
      log.info({ jobs }, 'a person was forgotten');
      await interaction.editReply({ content: textsFor(interaction.locale).privacy.deleted(jobs), components: [] });
    },
  },
];
