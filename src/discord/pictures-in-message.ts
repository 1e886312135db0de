import type { Message, MessageSnapshot } from 'discord.js';

/** A picture that a message shows. */
export interface MessagePicture {
  readonly url: string;
  /** Name of the picture, for a menu to choose from; empty where the message gives none. */
  readonly name: string;
}

type Shown = Pick<Message | MessageSnapshot, 'attachments' | 'embeds'>;

const pictureExtension = /\.(?:jpe?g|png|webp|gif|avif|tiff?)$/i;

/** Returns the pictures in a message's attachments, in its embeds, and in what it forwards; each address once. */
export function picturesInMessage(message: Message): readonly MessagePicture[] {
  const parts: readonly Shown[] = [message, ...(message.messageSnapshots?.values() ?? [])];
  const pictures = parts.flatMap(picturesOf);
  return pictures.filter(({ url }, index) => pictures.findIndex((other) => other.url === url) === index);
}

function picturesOf({ attachments, embeds }: Shown): readonly MessagePicture[] {
  const attached = [...attachments.values()]
    .filter(({ contentType, name }) => contentType?.startsWith('image/') ?? pictureExtension.test(name))
    .map(({ url, name }) => ({ url, name }));
  const embedded = embeds.flatMap(({ image, thumbnail, title, provider }) =>
    [image, thumbnail]
      .filter((picture) => picture !== null)
      // Discord's own copy is taken, since the original may lie anywhere.
      .map(({ proxyURL, url }) => ({ url: proxyURL ?? url, name: title ?? provider?.name ?? '' })),
  );
  return [...attached, ...embedded];
}
