import { type APIEmbed, ButtonStyle, ComponentType, MessageFlags } from 'discord.js';
import type { Problem } from '../api-error.js';
import { type AnyComponent, everyComponent, mediaOf } from '../message-components.js';
import { customIdProblems, selectProblems } from './component-rules.js';

/** A message as it is about to be shown; an edit is merged with what was there. */
export interface MessageDraft {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly unknown[];
  readonly flags: number;
  /** Names of all files that the message is to have. */
  readonly fileNames: readonly string[];
  readonly descriptions: readonly (string | undefined)[];
  readonly hasPoll: boolean;
  readonly hasStickers: boolean;
}

const mostContentCharacters = 2_000;
const mostDisplayCharacters = 4_000;
const mostEmbedCharacters = 6_000;
const mostComponents = 40;

/** What an address of one of the message's own files begins with. */
const scheme = 'attachment://';

/** Types of top-level components that messages may have without the flag for Components V2. */
const oldComponents = new Set<number>([ComponentType.ActionRow]);

/** Returns what is wrong with a message, beyond what Discord's OpenAPI description says. */
export function messageProblems(draft: MessageDraft): Problem[] {
  const isV2 = (draft.flags & MessageFlags.IsComponentsV2) !== 0;
  const problems: Problem[] = isV2 ? newComponentProblems(draft) : oldComponentProblems(draft);
  if (draft.content.length > mostContentCharacters) {
    problems.push({ path: 'content', message: `has ${draft.content.length} characters, 2000 are allowed` });
  }
  if (draft.fileNames.length > 10) {
    problems.push({ path: 'attachments', message: `${draft.fileNames.length} files, 10 are allowed` });
  }
  for (const [index, description] of draft.descriptions.entries()) {
    if ((description?.length ?? 0) > 1024) {
      problems.push({ path: `attachments.${index}.description`, message: 'must have at most 1024 characters' });
    }
  }
  const references = everyComponent(draft.components).flatMap(mediaOf);
  problems.push(
    ...embedProblems(draft.embeds),
    ...referenceProblems(
      [...references.map(({ url }) => url), ...draft.embeds.flatMap(embedAddresses)],
      draft.fileNames,
    ),
    ...customIdProblems(draft.components, 'components'),
    ...everyComponent(draft.components).flatMap(buttonProblems),
    ...everyComponent(draft.components).flatMap((component) => selectProblems(component, 'components')),
  );
  return problems;
}

/** Applies Discord's rules for rows of buttons and menus under a text. */
function oldComponentProblems({ components }: MessageDraft): Problem[] {
  const problems: Problem[] = [];
  if (components.length > 5) problems.push({ path: 'components', message: `${components.length} rows, 5 are allowed` });
  for (const [index, component] of (components as readonly AnyComponent[]).entries()) {
    const path = `components.${index}`;
    if (!oldComponents.has(component.type)) {
      problems.push({ path, message: `type ${component.type} needs the flag IS_COMPONENTS_V2` });
    }
    problems.push(...rowProblems(component, path));
  }
  return problems;
}

/** Returns the names of a message's files that none of its components refers to. */
export function unseenFiles({ components, fileNames }: Pick<MessageDraft, 'components' | 'fileNames'>): string[] {
  const shown = new Set(
    everyComponent(components)
      .flatMap(mediaOf)
      .map(({ url }) => url),
  );
  return fileNames.filter((name) => !shown.has(`${scheme}${name}`));
}

function newComponentProblems(draft: MessageDraft): Problem[] {
  const { components, content, embeds, hasPoll, hasStickers } = draft;
  const others = { content: content !== '', embeds: embeds.length > 0, poll: hasPoll, sticker_ids: hasStickers };
  const problems: Problem[] = Object.entries(others)
    .filter(([, isThere]) => isThere)
    .map(([path]) => ({ path, message: 'cannot be used with IS_COMPONENTS_V2' }));
  const all = everyComponent(components);
  if (all.length > mostComponents) {
    problems.push({ path: 'components', message: `${all.length} components in all, ${mostComponents} are allowed` });
  }
  const characters = all.reduce((sum, component) => sum + displayedCharacters(component), 0);
  if (characters > mostDisplayCharacters) {
    problems.push({
      path: 'components',
      message: `${characters} characters of text, ${mostDisplayCharacters} are allowed`,
    });
  }
  const ids = all.map(({ id }) => id).filter(Boolean);
  if (new Set(ids).size < ids.length) problems.push({ path: 'components', message: 'two components have the same id' });
  for (const component of all) {
    problems.push(...rowProblems(component, 'components'), ...insideProblems(component));
    for (const item of component.items ?? []) {
      if ((item.description?.length ?? 0) > 1024) {
        problems.push({ path: 'components', message: 'an alt text must have at most 1024 characters' });
      }
    }
  }
  return problems;
}

/** Returns what is wrong with what a component has inside. */
function insideProblems({ type, components: inside = [], items = [], accessory, file }: AnyComponent): Problem[] {
  const complain = (message: string) => [{ path: 'components', message }];
  switch (type) {
    case ComponentType.Container:
      if (inside.length === 0) return complain('a container must have something in it');
      return inside.some((component) => component.type === type) ? complain('a container cannot be in another') : [];
    case ComponentType.MediaGallery:
      return items.length < 1 || items.length > 10 ? complain(`${items.length} pictures, 1 to 10 are allowed`) : [];
    case ComponentType.Section:
      if (!accessory) return complain('a section needs an accessory');
      return inside.length < 1 || inside.length > 3 ? complain(`${inside.length} texts, 1 to 3 are allowed`) : [];
    case ComponentType.File:
      return file?.url.startsWith(scheme) || file?.attachment_id ? [] : complain('a file must be one of the message');
    default:
      return [];
  }
}

function displayedCharacters({ type, content }: AnyComponent): number {
  return type === ComponentType.TextDisplay ? (content?.length ?? 0) : 0;
}

function rowProblems(row: AnyComponent, path: string): Problem[] {
  if (row.type !== ComponentType.ActionRow) return [];
  const inside = row.components ?? [];
  const buttons = inside.filter(({ type }) => type === ComponentType.Button).length;
  if (inside.length === 0) return [{ path, message: 'a row must have something in it' }];
  if (buttons === inside.length) {
    return buttons > 5 ? [{ path, message: `${buttons} buttons in a row, 5 are allowed` }] : [];
  }
  return inside.length > 1 ? [{ path, message: 'a menu needs a row for itself' }] : [];
}

function buttonProblems(button: AnyComponent): Problem[] {
  if (button.type !== ComponentType.Button) return [];
  const problems: Problem[] = [];
  const path = 'components';
  const { label, custom_id, url, style } = button;
  if ((label?.length ?? 0) > 80) problems.push({ path, message: `the label "${label}" has more than 80 characters` });
  if (style === ButtonStyle.Link ? !url || custom_id !== undefined : !custom_id && style !== ButtonStyle.Premium) {
    problems.push({ path, message: `the button "${label}" needs a custom_id, or as a link a url instead` });
  }
  return problems;
}

function embedProblems(embeds: readonly APIEmbed[]): Problem[] {
  const problems: Problem[] = [];
  if (embeds.length > 10) problems.push({ path: 'embeds', message: `${embeds.length} embeds, 10 are allowed` });
  const within = (text: string | undefined, most: number, path: string) => {
    if ((text?.length ?? 0) > most)
      problems.push({ path, message: `has ${text?.length} characters, ${most} are allowed` });
    return text?.length ?? 0;
  };
  let characters = 0;
  for (const [index, { title, description, fields = [], footer, author }] of embeds.entries()) {
    const path = `embeds.${index}`;
    characters += within(title, 256, `${path}.title`) + within(description, 4096, `${path}.description`);
    characters += within(footer?.text, 2048, `${path}.footer.text`) + within(author?.name, 256, `${path}.author.name`);
    if (fields.length > 25)
      problems.push({ path: `${path}.fields`, message: `${fields.length} fields, 25 are allowed` });
    for (const [number, { name, value }] of fields.entries()) {
      const fieldPath = `${path}.fields.${number}`;
      characters += within(name, 256, `${fieldPath}.name`) + within(value, 1024, `${fieldPath}.value`);
      if (!name || !value) problems.push({ path: fieldPath, message: 'needs a name and a value' });
    }
  }
  if (characters > mostEmbedCharacters) {
    problems.push({ path: 'embeds', message: `${characters} characters in all, ${mostEmbedCharacters} are allowed` });
  }
  return problems;
}

/** Returns the addresses of all pictures that an embed shows. */
function embedAddresses({ image, thumbnail, author, footer }: APIEmbed): readonly string[] {
  return [image?.url, thumbnail?.url, author?.icon_url, footer?.icon_url].filter((url) => url !== undefined);
}

function referenceProblems(addresses: readonly string[], fileNames: readonly string[]): Problem[] {
  return addresses
    .filter((address) => address.startsWith(scheme) && !fileNames.includes(address.slice(scheme.length)))
    .map((address) => ({ path: 'attachments', message: `${address} names no file of the message` }));
}
