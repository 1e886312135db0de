import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APISelectMenuOption,
  ComponentType,
  type ModalSubmitFields,
  TextInputStyle,
} from 'discord.js';
import type { PresetReference } from '../../jobs/job.js';
import { customId } from '../messages/custom-id.js';
import { shortened } from '../messages/rows.js';
import { optionValue, type StyleOption } from '../style-choice.js';
import { inAllLanguages, type Language } from '../texts/language.js';

export const againModalAction = 'again';

/** The `custom_id` of each field of the modal. */
const fieldIds = { style: 'style', upload: 'upload', strength: 'strength', epochs: 'epochs' } as const;

export const againTexts = inAllLanguages({
  en: {
    title: 'Again with…',
    style: 'Another style',
    stylePlaceholder: 'as before',
    upload: 'Or a picture of your own style',
    strength: 'Strength',
    epochs: (max: number) => `Epochs, up to ${max}`,
  },
  de: {
    title: 'Noch einmal mit …',
    style: 'Ein anderer Stil',
    stylePlaceholder: 'wie vorher',
    upload: 'Oder ein Bild in einem eigenen Stil',
    strength: 'Stärke',
    epochs: (max) => `Epochen, bis ${max}`,
  },
});

const mostOptions = 25;

/** What the modal "again with…" offers, and how the picture was painted before, with which it is filled in. */
interface AgainForm {
  readonly styles: readonly StyleOption[];
  /** The style that was taken before; undefined for a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly strengths: APISelectMenuOption[];
  readonly epochs: number;
  readonly epochsMax: number;
}

/** Returns the modal that asks what to change when a picture is painted again; fields left alone change nothing. */
export function againModal(
  language: Language,
  jobId: string,
  { styles, preset, strengths, epochs, epochsMax }: AgainForm,
): APIModalInteractionResponseCallbackData {
  const again = againTexts[language];
  const current = preset && optionValue(preset);
  return {
    custom_id: customId(againModalAction, jobId),
    title: again.title,
    components: [
      label(again.style, {
        type: ComponentType.StringSelect,
        custom_id: fieldIds.style,
        placeholder: again.stylePlaceholder,
        required: false,
        options: styles.slice(0, mostOptions).map(({ reference, title, description }) => ({
          label: shortened(title, 100),
          value: optionValue(reference),
          description: shortened(description, 100),
          default: optionValue(reference) === current,
        })),
      }),
      label(again.upload, {
        type: ComponentType.FileUpload,
        custom_id: fieldIds.upload,
        required: false,
        min_values: 0,
        max_values: 1,
        file_types: ['image'],
      }),
      label(again.strength, {
        type: ComponentType.StringSelect,
        custom_id: fieldIds.strength,
        options: strengths,
      }),
      label(again.epochs(epochsMax), {
        type: ComponentType.TextInput,
        custom_id: fieldIds.epochs,
        style: TextInputStyle.Short,
        value: String(Math.min(epochs, epochsMax)),
        max_length: 5,
      }),
    ],
  };
}

/**
 * Returns what the {@link againModal} was sent with: the value of a style, the address of an upload, a strength, and
 * the epochs as they were typed.
 */
export function againAnswers(fields: ModalSubmitFields) {
  return {
    style: fields.getStringSelectValues(fieldIds.style)[0],
    upload: fields.getUploadedFiles(fieldIds.upload)?.first()?.url,
    strength: fields.getStringSelectValues(fieldIds.strength)[0],
    epochs: fields.getTextInputValue(fieldIds.epochs).trim(),
  };
}

function label(text: string, component: APILabelComponent['component']): APILabelComponent {
  return { type: ComponentType.Label, label: shortened(text, 45), component };
}
