import type { ModalHandler } from '../command.js';
import { takeRequest } from '../intake.js';
import { labModalAction, recipeField } from '../messages/lab-modal.js';
import { understoodRecipe } from '../requests/lab-recipe.js';
import { labAgain, labRequest } from '../requests/lab-request.js';
import { finishedJob, orderOf } from './job-buttons.js';

/** The same pictures by another recipe. */
export const labModalHandler: ModalHandler = {
  action: labModalAction,
  async execute(interaction, [jobId = ''], bot) {
    const job = finishedJob(jobId, bot);
    const recipe = understoodRecipe(interaction.fields.getTextInputValue(recipeField));
    await takeRequest(interaction, labRequest({ ...labAgain(job, orderOf(job, 'lab')), recipe }), bot);
  },
};
