import type { APIEmbed, Message } from 'discord.js';
import type { MessagePicture } from '../pictures-in-message.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { selectRow, shortened } from './rows.js';

export const pictureChoiceAction = 'picture';

/** Number of embeds that Discord allows in a message. */
const mostPictures = 10;

/**
 * Returns the message that asks which of several pictures is meant. It shows the pictures in embeds, and the answer to
 * its menu brings them back, so nothing needs to be remembered.
 */
export function pictureChoice(texts: Texts, pictures: readonly MessagePicture[]) {
  const shown = pictures.slice(0, mostPictures);
  const embeds: APIEmbed[] = shown.map(({ url }, index) => ({
    title: texts.menu.picture(index + 1),
    image: { url },
  }));
  const options = shown.map(({ name }, index) => ({
    label: texts.menu.picture(index + 1),
    value: String(index),
    ...(name !== '' && { description: shortened(name, 100) }),
  }));
  return {
    content: texts.menu.which,
    embeds,
    components: [selectRow(customId(pictureChoiceAction), texts.menu.placeholder, options)],
  };
}

/** Returns the address of the picture that was chosen from {@link pictureChoice}; undefined where there is none. */
export function chosenPicture(message: Message, value: string | undefined): string | undefined {
  return message.embeds[Number(value)]?.image?.url;
}
