import { type APIEmbed, ComponentType } from 'discord.js';

/** Any component, from a row to a button. Discord's types differ by where it stands, the fields named here do not. */
export interface AnyComponent {
  readonly type: number;
  readonly id?: number;
  readonly custom_id?: string;
  readonly label?: string;
  readonly style?: number;
  readonly disabled?: boolean;
  readonly required?: boolean;
  readonly content?: string;
  readonly url?: string;
  readonly placeholder?: string;
  readonly description?: string | null;
  readonly value?: string;
  readonly min_values?: number;
  readonly max_values?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly file_types?: readonly string[];
  readonly options?: readonly {
    readonly label: string;
    readonly value: string;
    readonly description?: string;
    readonly default?: boolean;
  }[];
  readonly components?: readonly AnyComponent[];
  readonly accessory?: AnyComponent;
  readonly component?: AnyComponent;
  readonly items?: readonly {
    readonly media: MediaReference;
    readonly description?: string | null;
    readonly spoiler?: boolean;
  }[];
  readonly media?: MediaReference;
  readonly file?: MediaReference;
}

/** The address of a picture or file in a component: a URL, or `attachment://` and the name of the message's file. */
export interface MediaReference {
  readonly url: string;
  /** The message's file, once Discord has put its address in the place of `attachment://`. */
  readonly attachment_id?: string;
}

export interface ButtonInMessage {
  readonly label: string;
  /** The button's custom_id; undefined for links. */
  readonly customId: string | undefined;
  readonly isDisabled: boolean;
}

/** Returns all components and those inside of them, in reading order. */
export function everyComponent(components: readonly unknown[]): readonly AnyComponent[] {
  return (components as readonly AnyComponent[]).flatMap((component) => [
    component,
    ...everyComponent(component.components ?? []),
    ...everyComponent(component.accessory ? [component.accessory] : []),
    ...everyComponent(component.component ? [component.component] : []),
  ]);
}

/** Returns all addresses of pictures and files that a component itself has, not those of components inside. */
export function mediaOf(component: AnyComponent): readonly MediaReference[] {
  const { items, media, file } = component;
  return [...(items?.map((item) => item.media) ?? []), ...(media ? [media] : []), ...(file ? [file] : [])];
}

export function buttonsOf(components: readonly unknown[]): readonly ButtonInMessage[] {
  return everyComponent(components)
    .filter(({ type }) => type === ComponentType.Button)
    .map(({ label, custom_id, disabled }) => ({
      label: label ?? '',
      customId: custom_id,
      isDisabled: disabled ?? false,
    }));
}

/** Returns all texts that can be read in a message: its content, embeds and text displays. */
export function textsOf(message: {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly unknown[];
}): readonly string[] {
  const embedded = message.embeds.flatMap(({ author, title, description, fields, footer }) => [
    author?.name,
    title,
    description,
    ...(fields?.flatMap(({ name, value }) => [name, value]) ?? []),
    footer?.text,
  ]);
  const displayed = everyComponent(message.components).map(({ content }) => content);
  return [message.content, ...embedded, ...displayed].filter((text): text is string => Boolean(text));
}
