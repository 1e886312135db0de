import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIRadioGroupOption,
  ComponentType,
  type ModalSubmitFields,
  TextInputStyle,
} from 'discord.js';
import { colorKeepings } from '../../transfer/colors/content-colors.js';
import type { LabRecipe } from '../../transfer/recipe/recipe.js';
import { styleStatistics } from '../../transfer/style-statistics.js';
import { transferDefaults } from '../../transfer/transfer-options.js';
import { customId } from '../messages/custom-id.js';
import { inAllLanguages, type Language } from '../texts/language.js';
import type { Entered } from './kind.js';
import type { Showing } from './request.js';

export const labModalAction = 'lab-again';

/** Most characters that a recipe may have: a message holds so many with all that stands around them. */
export const longestRecipe = 1500;

/** Most characters of a recipe's settings, so that the names of its pictures have room beside them. */
export const longestSettings = 1200;

/** The `custom_id` of each field of the modal, and the values of the boxes to be ticked. */
const fieldIds = { recipe: 'recipe', keepColors: 'keep-colors', statistic: 'statistic', showing: 'showing' } as const;
const boxes = ['private', 'spoiler'] as const;

/** The value of a radio button that stands for no value of the recipe. */
const none = 'none';

export const labModalTexts = inAllLanguages({
  en: {
    title: 'Change the recipe…',
    recipe: 'The recipe',
    keepColors: "Your picture's colours",
    keepColorsChoices: { none: 'give way to those of the style', luminance: 'stay', match: 'stay on the whole' },
    statistic: 'Styles are compared by',
    statisticChoices: { gram: 'Gram matrices', moments: 'mean and covariance' },
    showing: 'The result is',
    showingChoices: { private: 'for you alone', spoiler: 'behind a spoiler' },
  },
  de: {
    title: 'Rezept ändern …',
    recipe: 'Das Rezept',
    keepColors: 'Die Farben deines Bildes',
    keepColorsChoices: { none: 'weichen denen des Stils', luminance: 'bleiben', match: 'bleiben im Ganzen' },
    statistic: 'Stile werden verglichen durch',
    statisticChoices: { gram: 'Gram-Matrizen', moments: 'Mittel und Kovarianz' },
    showing: 'Das Ergebnis ist',
    showingChoices: { private: 'nur für dich', spoiler: 'hinter einem Spoiler' },
  },
});

/** How a picture was painted and shown, which the modal is filled in with. */
export interface LabForm {
  /** The recipe as text and as it is understood. */
  readonly text: string;
  readonly recipe: LabRecipe;
  readonly showing: Showing;
}

/** Returns the modal that asks for another recipe for the same pictures, filled in with what there was. */
export function labModal(
  language: Language,
  jobId: string,
  { text, recipe, showing }: LabForm,
): APIModalInteractionResponseCallbackData {
  const texts = labModalTexts[language];
  return {
    custom_id: customId(labModalAction, jobId),
    title: texts.title,
    components: [
      label(texts.recipe, {
        type: ComponentType.TextInput,
        custom_id: fieldIds.recipe,
        style: TextInputStyle.Paragraph,
        value: text,
        max_length: longestRecipe,
        required: false,
      }),
      label(texts.keepColors, {
        type: ComponentType.RadioGroup,
        custom_id: fieldIds.keepColors,
        options: radios([none, ...colorKeepings], texts.keepColorsChoices, chosenColors(recipe)),
      }),
      label(texts.statistic, {
        type: ComponentType.RadioGroup,
        custom_id: fieldIds.statistic,
        options: radios(styleStatistics, texts.statisticChoices, chosenStatistic(recipe)),
      }),
      label(texts.showing, {
        type: ComponentType.CheckboxGroup,
        custom_id: fieldIds.showing,
        options: boxes.map((value) => ({
          value,
          label: texts.showingChoices[value],
          default: showing[value] ?? false,
        })),
        min_values: 0,
        required: false,
      }),
    ],
  };
}

/** Returns the text of the recipe that was sent with the {@link labModal}. */
export function recipeTextOf(fields: ModalSubmitFields): string {
  return fields.getTextInputValue(fieldIds.recipe);
}

/**
 * Returns what the {@link labModal} was sent with. What was chosen otherwise than before goes before the text; a choice
 * that was left alone leaves it to the text.
 * @param written - the recipe in the text of the modal.
 * @param before - the recipe that the modal was filled in with.
 */
export function labAnswers(
  fields: ModalSubmitFields,
  written: LabRecipe,
  before: LabRecipe,
): { readonly recipe: LabRecipe; readonly showing: Showing } {
  const colors = fields.getRadioGroup(fieldIds.keepColors) ?? chosenColors(before);
  const statistic = fields.getRadioGroup(fieldIds.statistic) ?? chosenStatistic(before);
  const ticked = fields.getCheckboxGroup(fieldIds.showing);
  return {
    recipe: {
      ...written,
      ...(colors !== chosenColors(before) && { keepColors: colorKeepings.find((name) => name === colors) }),
      ...(statistic !== chosenStatistic(before) && { statistic: styleStatistics.find((name) => name === statistic) }),
    },
    showing: showingOfBoxes(ticked),
  };
}

/** Returns what was entered in the {@link labModal}: the recipe as a block of text, and each choice. */
export function labEntered(fields: ModalSubmitFields): Entered {
  const colors = fields.getRadioGroup(fieldIds.keepColors) ?? '';
  const statistic = fields.getRadioGroup(fieldIds.statistic) ?? '';
  return {
    parts: [colors, statistic, ...fields.getCheckboxGroup(fieldIds.showing)],
    text: `\`\`\`\n${recipeTextOf(fields).replaceAll('`', '')}\n\`\`\``,
  };
}

/** Returns the form as it was when {@link labEntered} kept it. @param usual - what stands where nothing was kept. */
export function formOfEntered({ parts: [colors, statistic, ...ticked], text }: Entered, usual: LabForm): LabForm {
  return {
    text: /^```\n([^`]*)\n```$/m.exec(text)?.[1] ?? usual.text,
    recipe: {
      ...usual.recipe,
      keepColors: colorKeepings.find((name) => name === colors),
      statistic: styleStatistics.find((name) => name === statistic),
    },
    showing: showingOfBoxes(ticked),
  };
}

function showingOfBoxes(ticked: readonly string[]): Showing {
  return { private: ticked.includes('private'), spoiler: ticked.includes('spoiler') };
}

function chosenColors({ keepColors }: LabRecipe): string {
  return keepColors ?? none;
}

function chosenStatistic({ statistic }: LabRecipe): string {
  return statistic ?? transferDefaults.statistic;
}

function radios<Value extends string>(
  values: readonly Value[],
  labels: Readonly<Record<Value, string>>,
  chosen: string,
): APIRadioGroupOption[] {
  return values.map((value) => ({ value, label: labels[value], default: value === chosen }));
}

function label(text: string, component: APILabelComponent['component']): APILabelComponent {
  return { type: ComponentType.Label, label: text, component };
}
