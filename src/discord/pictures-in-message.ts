import {
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  type APIUnfurledMediaItem,
  ComponentType,
  type Message,
  type MessageSnapshot,
  StickerFormatType,
} from 'discord.js';
import { isSpoiler } from './attached-picture.js';

/** A picture that a message shows. */
export interface MessagePicture {
  readonly url: string;
  /** Name of the picture, for a menu to choose from; empty where the message gives none. */
  readonly name: string;
  /** Whether the picture is hidden until somebody clicks it. */
  readonly spoiler: boolean;
}

type Shown = Pick<Message | MessageSnapshot, 'content' | 'attachments' | 'stickers' | 'embeds' | 'components'>;

/** A component with all that may be inside of it, as Discord gives it. */
type AnyComponent = APIMessageTopLevelComponent | APIComponentInContainer;

/** Addresses and files that a component shows. */
interface Media {
  readonly item: APIUnfurledMediaItem;
  readonly name: string;
  readonly spoiler: boolean;
}

const pictureExtension = /\.(?:jpe?g|png|webp|gif|avif|tiff?)$/i;

/**
 * Returns the pictures in a message's attachments, stickers, embeds and components, and in what it forwards; each address
 * once.
 */
export function picturesInMessage(message: Message): readonly MessagePicture[] {
  const parts: readonly Shown[] = [message, ...(message.messageSnapshots?.values() ?? [])];
  const pictures = parts.flatMap(picturesOf);
  return pictures.filter(({ url }, index) => pictures.findIndex((other) => other.url === url) === index);
}

function picturesOf({ content, attachments, stickers, embeds, components }: Shown): readonly MessagePicture[] {
  const laidOut = components.flatMap((component) => mediaIn(component.toJSON(), false));
  const laidOutFiles = new Set(laidOut.map(({ item }) => item.attachment_id));
  const attached = [...attachments.values()]
    // A file that a component shows is found there, with what the component says of it.
    .filter(({ id }) => !laidOutFiles.has(id))
    .filter(({ contentType, name }) => contentType?.startsWith('image/') ?? pictureExtension.test(name))
    .map((attachment) => ({ url: attachment.url, name: attachment.name, spoiler: isSpoiler(attachment) }));
  // A sticker of Lottie's is a drawing in words, not a picture.
  const stuck = [...stickers.values()]
    .filter(({ format }) => format !== StickerFormatType.Lottie)
    .map(({ url, name }) => ({ url, name, spoiler: false }));
  const embedded = embeds.flatMap(({ url: link, image, thumbnail, title, provider }) =>
    [image, thumbnail]
      .filter((picture) => picture !== null)
      // Discord's own copy is taken, since the original may lie anywhere.
      .map(({ proxyURL, url }) => ({
        url: proxyURL ?? url,
        name: title ?? provider?.name ?? '',
        spoiler: isHiddenIn(content ?? '', link ?? url),
      })),
  );
  const shown = laidOut
    .filter(({ item: { content_type, url } }) => {
      return content_type?.startsWith('image/') ?? pictureExtension.test(pathOf(url));
    })
    .map(({ item, name, spoiler }) => ({
      url: item.attachment_id === undefined ? (item.proxy_url ?? item.url) : item.url,
      name,
      spoiler,
    }));
  return [...attached, ...stuck, ...embedded, ...shown];
}

/** Returns what a component and all inside of it show. @param isHidden - whether it is inside of something hidden. */
function mediaIn(component: AnyComponent, isHidden: boolean): readonly Media[] {
  const media = (item: APIUnfurledMediaItem, name: string | null | undefined, spoiler: boolean | undefined): Media => ({
    item,
    name: name ?? '',
    spoiler: isHidden || (spoiler ?? false),
  });
  switch (component.type) {
    case ComponentType.Container:
      return component.components.flatMap((inner) => mediaIn(inner, isHidden || (component.spoiler ?? false)));
    case ComponentType.MediaGallery:
      return component.items.map((item) => media(item.media, item.description, item.spoiler));
    case ComponentType.Section: {
      const { accessory } = component;
      if (accessory.type !== ComponentType.Thumbnail) return [];
      return [media(accessory.media, accessory.description, accessory.spoiler)];
    }
    case ComponentType.File:
      return [media(component.file, component.name, component.spoiler)];
    default:
      return [];
  }
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}

/** Returns whether a link stands between the bars that hide a part of a text, which hide the link's embed as well. */
function isHiddenIn(text: string, link: string): boolean {
  return [...text.matchAll(/\|\|(.+?)\|\|/gs)].some(([, hidden = '']) => hidden.includes(link));
}
