import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APISelectMenuOption,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import { type StyleTransferOrder, strengths } from '../../jobs/order.js';
import { optionValue, type StyleOption } from '../style-choice.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { shortened } from './rows.js';

export const againModalAction = 'again';

/** The fields of the modal, by the `custom_id` of each. */
export const againFields = { style: 'style', upload: 'upload', strength: 'strength', epochs: 'epochs' } as const;

const mostOptions = 25;

/** Asks what is to be different when a picture is painted again. What is left as it is stays as it was. */
export function againModal(
  texts: Texts,
  jobId: string,
  order: StyleTransferOrder,
  styles: readonly StyleOption[],
  epochsMax: number,
): APIModalInteractionResponseCallbackData {
  const { again } = texts;
  const current = order.preset && optionValue(order.preset);
  return {
    custom_id: customId(againModalAction, jobId),
    title: again.title,
    components: [
      label(again.style, {
        type: ComponentType.StringSelect,
        custom_id: againFields.style,
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
        custom_id: againFields.upload,
        required: false,
        min_values: 0,
        max_values: 1,
        file_types: ['image'],
      }),
      label(again.strength, {
        type: ComponentType.StringSelect,
        custom_id: againFields.strength,
        options: strengths.map(
          (strength): APISelectMenuOption => ({
            label: texts.strengths[strength],
            value: strength,
            default: strength === order.strength,
          }),
        ),
      }),
      label(again.epochs(epochsMax), {
        type: ComponentType.TextInput,
        custom_id: againFields.epochs,
        style: TextInputStyle.Short,
        value: String(Math.min(order.epochs, epochsMax)),
        max_length: 5,
      }),
    ],
  };
}

function label(text: string, component: APILabelComponent['component']): APILabelComponent {
  return { type: ComponentType.Label, label: shortened(text, 45), component };
}
