import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import type { LabOrder } from '../../jobs/order.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { longestRecipe } from './recipe-length.js';

export const labModalAction = 'lab-again';

/** The field of the modal, by its `custom_id`. */
export const recipeField = 'recipe';

/** Asks for another recipe for the same pictures; it is filled in with the one that there was. */
export function labModal(texts: Texts, jobId: string, { recipe }: LabOrder): APIModalInteractionResponseCallbackData {
  return {
    custom_id: customId(labModalAction, jobId),
    title: texts.lab.change,
    components: [
      {
        type: ComponentType.Label,
        label: texts.lab.recipe,
        component: {
          type: ComponentType.TextInput,
          custom_id: recipeField,
          style: TextInputStyle.Paragraph,
          value: recipe,
          max_length: longestRecipe,
          required: false,
        },
      },
    ],
  };
}
