import { type APIEmbed, type APIMessageTopLevelComponent, ComponentType } from 'discord.js';
import type { StoredFile } from './file-store.js';
import { type AnyComponent, everyComponent, type MediaReference, mediaOf } from './message-components.js';
import type { World } from './world.js';

const scheme = 'attachment://';

/** Fields that Discord fills in where a bot has left them out, by the component's type. */
const defaults: Readonly<Record<number, object>> = {
  [ComponentType.StringSelect]: { min_values: 1, max_values: 1 },
  [ComponentType.UserSelect]: { min_values: 1, max_values: 1 },
  [ComponentType.RoleSelect]: { min_values: 1, max_values: 1 },
  [ComponentType.MentionableSelect]: { min_values: 1, max_values: 1 },
  [ComponentType.ChannelSelect]: { min_values: 1, max_values: 1 },
  [ComponentType.Container]: { accent_color: null, spoiler: false },
  [ComponentType.Thumbnail]: { description: null, spoiler: false },
  [ComponentType.File]: { name: null, size: null, spoiler: false },
  [ComponentType.Separator]: { spacing: 1, divider: true },
};

/** Returns embeds as everybody sees them: addresses of the message's files stand for `attachment://`. */
export function embedsToShow(embeds: readonly APIEmbed[], files: readonly StoredFile[], world: World): APIEmbed[] {
  const resolve = <Media extends MediaReference>(media: Media | undefined): Media | undefined => {
    const file = fileOf(media, files);
    if (!media || !file) return media;
    const { url, proxy_url, width, height } = world.files.toApi(file);
    return { ...media, url, proxy_url, width, height };
  };
  return embeds.map(({ image, thumbnail, ...embed }) => {
    const [shownImage, shownThumbnail] = [resolve(image), resolve(thumbnail)];
    return {
      ...embed,
      type: embed.type ?? 'rich',
      ...(shownImage && { image: shownImage }),
      ...(shownThumbnail && { thumbnail: shownThumbnail }),
    } as APIEmbed;
  });
}

/** Returns components as everybody sees them: with files' addresses, a number each, and {@link defaults} filled in. */
export function componentsToShow(
  components: readonly APIMessageTopLevelComponent[],
  files: readonly StoredFile[],
  world: World,
): APIMessageTopLevelComponent[] {
  const copy = structuredClone([...components]);
  const all = everyComponent(copy);
  for (const component of all) {
    fillIn(component, defaults[component.type] ?? {});
    for (const item of component.items ?? []) fillIn(item, { description: null, spoiler: false });
    const file = fileOf(component.file, files);
    if (file) Object.assign(component, { name: file.name, size: file.bytes.byteLength });
  }
  for (const media of all.flatMap(mediaOf)) showMedia(media, files, world);
  giveNumbers(all);
  return copy;
}

function fillIn(target: object, missing: object): void {
  Object.assign(target, { ...missing, ...target });
}

function fileOf(media: MediaReference | undefined, files: readonly StoredFile[]): StoredFile | undefined {
  if (!media?.url.startsWith(scheme)) return undefined;
  return files.find(({ name }) => media.url.slice(scheme.length) === name);
}

function showMedia(media: MediaReference, files: readonly StoredFile[], world: World): void {
  const id = world.snowflakes.next();
  const file = fileOf(media, files);
  if (file) {
    const { id: attachment_id, url, proxy_url, width, height, content_type } = world.files.toApi(file);
    Object.assign(media, { id, attachment_id, url, proxy_url, width, height, content_type });
  } else {
    fillIn(media, { id, proxy_url: media.url });
  }
}

/** Gives a number, which is its id in the message, to every component that has none. */
function giveNumbers(components: readonly AnyComponent[]): void {
  const taken = new Set(components.map(({ id }) => id));
  let next = 1;
  for (const component of components) {
    if (component.id) continue;
    while (taken.has(next)) next++;
    Object.assign(component, { id: next++ });
  }
}
