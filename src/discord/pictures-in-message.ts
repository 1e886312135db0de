import type { Message, MessageSnapshot } from 'discord.js';

/** A picture that a message shows. */
export interface MessagePicture {
  readonly url: string;
  /** What it is called there, for a menu to choose from. */
  readonly name: string;
}

type Shown = Pick<Message | MessageSnapshot, 'attachments' | 'embeds'>;

const pictureExtension = /\.(?:jpe?g|png|webp|gif|avif|tiff?)$/i;

/** The pictures that a message shows, in its attachments, its embeds, and what it forwards; each once. */
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
      // Discord's own copy: the original may lie anywhere.
      .map(({ proxyURL, url }) => ({ url: proxyURL ?? url, name: title ?? provider?.name ?? '' })),
  );
  return [...attached, ...embedded];
}
