import { strengths } from '../../jobs/order.js';
import type { ModalHandler } from '../command.js';
import { takeRequest } from '../intake.js';
import { againFields, againModalAction } from '../messages/again-modal.js';
import { serverOf } from '../permissions.js';
import { styleTransferAgain, styleTransferRequest } from '../requests/style-transfer-request.js';
import { optionValue } from '../style-choice.js';
import { textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';
import { finishedJob, orderOf } from './job-buttons.js';

/** What "again with…" has asked for: an uploaded style goes before one that was chosen. */
export const againModalHandler: ModalHandler = {
  action: againModalAction,
  async execute(interaction, [jobId = ''], bot) {
    const job = finishedJob(jobId, bot);
    const guildId = serverOf(interaction);
    const { fields } = interaction;
    const order = orderOf(job, 'style-transfer');
    const before = styleTransferAgain(job, order);
    const { epochsMax } = bot.settings.of(guildId);
    const upload = fields.getUploadedFiles(againFields.upload)?.first();
    const [chosen] = fields.getStringSelectValues(againFields.style);
    const [strength] = fields.getStringSelectValues(againFields.strength);
    const typed = fields.getTextInputValue(againFields.epochs).trim();
    if (!/^\d+$/.test(typed)) throw new UserError('number-needed', { text: typed, min: 1, max: epochsMax });

    const isSame = chosen === undefined || (order.preset && chosen === optionValue(order.preset));
    const preset = isSame ? before.preset : bot.styles.find(chosen, guildId, textsFor(interaction.locale));
    const chosenStyle = isSame || preset === undefined ? before.style : ({ kind: 'preset', preset } as const);
    await takeRequest(
      interaction,
      styleTransferRequest({
        ...before,
        style: upload === undefined ? chosenStyle : { kind: 'url', url: upload.url },
        preset: upload === undefined ? preset : undefined,
        strength: strengths.find((name) => name === strength) ?? before.strength,
        epochs: Number(typed),
      }),
      bot,
    );
  },
};
