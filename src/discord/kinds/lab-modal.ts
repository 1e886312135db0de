import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitFields,
  TextInputStyle,
} from 'discord.js';
import { customId } from '../messages/custom-id.js';

export const labModalAction = 'lab-again';

/** Characters that a recipe may have: with all that stands around it, a message holds it. */
export const longestRecipe = 1000;

/** The field of the modal, by its `custom_id`. */
const recipeField = 'recipe';

/** What the modal says. */
export interface LabModalTexts {
  readonly change: string;
  readonly recipe: string;
}

/** Asks for another recipe for the same pictures; it is filled in with the one that there was. */
export function labModal(texts: LabModalTexts, jobId: string, recipe: string): APIModalInteractionResponseCallbackData {
  return {
    custom_id: customId(labModalAction, jobId),
    title: texts.change,
    components: [
      {
        type: ComponentType.Label,
        label: texts.recipe,
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

/** The recipe that was sent with {@link labModal}. */
export function recipeOfModal(fields: ModalSubmitFields): string {
  return fields.getTextInputValue(recipeField);
}
