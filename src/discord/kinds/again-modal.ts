import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APISelectMenuOption,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import type { PresetReference } from '../../jobs/job.js';
import { customId } from '../messages/custom-id.js';
import { shortened } from '../messages/rows.js';
import { optionValue, type StyleOption } from '../style-choice.js';
import { inAllLanguages, type Language } from '../texts/language.js';

export const againModalAction = 'again';

/** The `custom_id` of each field of the modal. */
const fieldIds = {
  style: 'style',
  upload: 'upload',
  strength: 'strength',
  quality: 'quality',
  epochs: 'epochs',
} as const;

export const againTexts = inAllLanguages({
  en: {
    title: 'Again with…',
    style: 'Another style',
    stylePlaceholder: 'as before',
    upload: 'Or a picture of your own style',
    uploaded: 'The picture that you uploaded',
    strength: 'Strength and colours',
    quality: 'Size and care',
    epochs: (max: number) => `Epochs, up to ${max}`,
    epochsHint: 'If you leave it, another size and care brings its own.',
  },
  de: {
    title: 'Noch einmal mit …',
    style: 'Ein anderer Stil',
    stylePlaceholder: 'wie vorher',
    upload: 'Oder ein Bild in einem eigenen Stil',
    uploaded: 'Das Bild, das du hochgeladen hast',
    strength: 'Stärke und Farben',
    quality: 'Größe und Sorgfalt',
    epochs: (max) => `Epochen, bis ${max}`,
    epochsHint: 'Bleibt das stehen, gelten bei anderer Größe und Sorgfalt deren eigene.',
  },
});

const mostOptions = 25;

/** Value of the style that is a picture which was uploaded before, when the modal was refused. */
const uploadedValue = 'uploaded';

/** What the modal "again with…" offers and is filled in with. */
interface AgainForm {
  readonly styles: readonly StyleOption[];
  /** Whether a style is the chosen one; for a picture of the person's own, none is. */
  readonly isChosen: (style: PresetReference) => boolean;
  /** Whether a picture that was uploaded before is the chosen style. */
  readonly hasUpload: boolean;
  readonly strengths: APISelectMenuOption[];
  readonly qualities: APISelectMenuOption[];
  readonly epochs: string;
  readonly epochsMax: number;
}

/** Returns the modal that asks what to change when a picture is painted again; fields left alone change nothing. */
export function againModal(
  language: Language,
  jobId: string,
  { styles, isChosen, hasUpload, strengths, qualities, epochs, epochsMax }: AgainForm,
): APIModalInteractionResponseCallbackData {
  const again = againTexts[language];
  const uploaded = { label: again.uploaded, value: uploadedValue, default: true };
  const options = styles.map(({ reference, title, description }) => ({
    label: shortened(title, 100),
    value: optionValue(reference),
    description: shortened(description, 100),
    default: !hasUpload && isChosen(reference),
  }));
  return {
    custom_id: customId(againModalAction, jobId),
    title: again.title,
    components: [
      label(again.style, {
        type: ComponentType.StringSelect,
        custom_id: fieldIds.style,
        placeholder: again.stylePlaceholder,
        required: false,
        options: [...(hasUpload ? [uploaded] : []), ...options].slice(0, mostOptions),
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
      label(again.quality, {
        type: ComponentType.StringSelect,
        custom_id: fieldIds.quality,
        options: qualities,
      }),
      label(
        again.epochs(epochsMax),
        {
          type: ComponentType.TextInput,
          custom_id: fieldIds.epochs,
          style: TextInputStyle.Short,
          value: epochs,
          max_length: 5,
        },
        again.epochsHint,
      ),
    ],
  };
}

/**
 * Returns what the {@link againModal} was sent with: the value of a style, the address of an upload, also of one from
 * before a refusal, the values of strength and quality, and the epochs as they were typed.
 */
export function againAnswers({ fields, message }: ModalSubmitInteraction) {
  const style = fields.getStringSelectValues(fieldIds.style)[0];
  const upload = fields.getUploadedFiles(fieldIds.upload)?.first()?.url;
  return {
    style: style === uploadedValue ? undefined : style,
    upload: upload ?? (style === uploadedValue ? uploadIn(message?.content ?? '') : undefined),
    strength: fields.getStringSelectValues(fieldIds.strength)[0],
    quality: fields.getStringSelectValues(fieldIds.quality)[0],
    epochs: fields.getTextInputValue(fieldIds.epochs).trim(),
  };
}

/** Returns a link to an upload, as a refusal shows it to keep it. */
export function uploadLink(language: Language, url: string): string {
  return `-# [${againTexts[language].uploaded}](${url})`;
}

/** Returns the address of the upload that {@link uploadLink} has put into a text; undefined where there is none. */
export function uploadIn(text: string): string | undefined {
  return /^-# \[.*\]\((\S+)\)$/m.exec(text)?.[1];
}

function label(text: string, component: APILabelComponent['component'], description?: string): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: shortened(text, 45),
    component,
    ...(description !== undefined && { description: shortened(description, 100) }),
  };
}
