import { type APIMessageTopLevelComponent, ComponentType, type Message } from 'discord.js';
import type { MessagePicture } from '../pictures-in-message.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { textDisplay } from './layout.js';
import { selectRow, shortened } from './rows.js';

export const pictureChoiceAction = 'picture';

/** Number of pictures that a gallery holds. */
const mostPictures = 10;

/**
 * Returns the message that asks which of several pictures is meant. It shows the pictures in a gallery, and the answer to
 * its menu brings them back, so nothing needs to be remembered.
 */
export function pictureChoice(texts: Texts, pictures: readonly MessagePicture[]) {
  const shown = pictures.slice(0, mostPictures);
  const items = shown.map(({ url, spoiler }, index) => ({
    media: { url },
    description: texts.menu.picture(index + 1),
    spoiler,
  }));
  const options = shown.map(({ name }, index) => ({
    label: texts.menu.picture(index + 1),
    value: String(index),
    ...(name !== '' && { description: shortened(name, 100) }),
  }));
  const components: APIMessageTopLevelComponent[] = [
    textDisplay(texts.menu.which),
    { type: ComponentType.MediaGallery, items },
    selectRow(customId(pictureChoiceAction), texts.menu.placeholder, options),
  ];
  return { components };
}

/**
 * Returns the picture that was chosen from {@link pictureChoice}; undefined where there is none. An older version of the
 * bot showed the pictures in embeds.
 */
export function chosenPicture(
  { components, embeds }: Message,
  value: string | undefined,
): Pick<MessagePicture, 'url' | 'spoiler'> | undefined {
  const index = Number(value);
  const gallery = components.find((component) => component.type === ComponentType.MediaGallery);
  const item = gallery?.items[index];
  if (item !== undefined) return { url: item.media.url, spoiler: item.spoiler };
  const url = embeds[index]?.image?.url;
  return url === undefined ? undefined : { url, spoiler: false };
}
