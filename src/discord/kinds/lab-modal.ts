import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitFields,
  TextInputStyle,
} from 'discord.js';
import { customId } from '../messages/custom-id.js';

export const labModalAction = 'lab-again';

/** Most characters that a recipe may have: a message holds so many with all that stands around them. */
export const longestRecipe = 1000;

/** The `custom_id` of the modal's field. */
const recipeField = 'recipe';

/** The texts of the modal: its title, and the label of its field. */
export interface LabModalTexts {
  readonly change: string;
  readonly recipe: string;
}

/** Returns the modal that asks for another recipe for the same pictures; its field holds the recipe so far. */
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

/** Returns the recipe that was sent with the {@link labModal}. */
export function recipeOfModal(fields: ModalSubmitFields): string {
  return fields.getTextInputValue(recipeField);
}
