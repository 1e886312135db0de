import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APISelectMenuOption,
  ButtonStyle,
  ComponentType,
} from 'discord.js';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;
type Button = APIButtonComponentWithCustomId;

/** Returns a button; the bot finds the handler for clicks on it by its `custom_id`. */
export function button(
  custom_id: string,
  label: string,
  style: Button['style'] = ButtonStyle.Secondary,
  options: { readonly disabled?: boolean } = {},
): Button {
  return { type: ComponentType.Button, custom_id, label, style, ...options };
}

/** Returns a row of one to five buttons, side by side. */
export function buttonRow(...buttons: readonly Button[]): Row {
  return { type: ComponentType.ActionRow, components: [...buttons] };
}

/** Most buttons that Discord shows in a row. */
const mostInRow = 5;

/** Returns as many rows as it takes for all of these buttons. */
export function buttonRows(...buttons: readonly Button[]): readonly Row[] {
  const starts = buttons.map((_, index) => index).filter((index) => index % mostInRow === 0);
  return starts.map((start) => buttonRow(...buttons.slice(start, start + mostInRow)));
}

/** Returns a row with a menu to choose one of up to 25 options from. */
export function selectRow(custom_id: string, placeholder: string, options: readonly APISelectMenuOption[]): Row {
  return {
    type: ComponentType.ActionRow,
    components: [{ type: ComponentType.StringSelect, custom_id, placeholder, options: [...options] }],
  };
}

/** Returns a text that is cut off after `longest` characters, as Discord bounds most texts. */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
