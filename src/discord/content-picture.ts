import { type ChatInputCommandInteraction, DiscordAPIError, type Message } from 'discord.js';
import { isAllowed } from '../download/origins.js';
import type { InputSource } from '../jobs/job.js';
import { attachedPicture } from './attached-picture.js';
import type { BotServices } from './bot-services.js';
import { picturesInMessage } from './pictures-in-message.js';
import { UserError } from './user-error.js';

/** The picture that is to be painted. */
export interface ContentPicture {
  readonly content: InputSource;
  /** Address of the message that the picture was taken from; undefined where it was not. */
  readonly takenFrom?: string | undefined;
  /** True where the picture was hidden behind a spoiler, so that what is made of it is hidden as well. */
  readonly spoiler?: boolean | undefined;
}

/**
 * Returns the picture that somebody gives: an upload, or a link to one on Discord, or to a message of the bot in this
 * channel. Undefined where they give none.
 * @throws UserError where both are given, and where the link can't be followed.
 */
export async function givenPicture(
  interaction: ChatInputCommandInteraction,
  bot: BotServices,
): Promise<ContentPicture | undefined> {
  const attachment = interaction.options.getAttachment('content');
  const link = interaction.options.getString('link');
  if (attachment !== null && link !== null) throw new UserError('content-or-link');
  if (attachment !== null) return { content: attachedPicture(attachment, bot) };
  return link === null ? undefined : linkedPicture(interaction, link, bot);
}

/**
 * Returns the last result that the bot made for this person in this channel, for as long as the job is kept. It is
 * fetched from the message, since results are not kept.
 * @throws UserError `picture-needed` where there is none; `message-…` where its message can't be read any more.
 */
export async function lastResult(
  interaction: ChatInputCommandInteraction,
  { earlierJobs }: Pick<BotServices, 'earlierJobs'>,
): Promise<ContentPicture> {
  const messageId = earlierJobs.lastResultMessage(interaction.user.id, interaction.channelId);
  if (messageId === undefined) throw new UserError('picture-needed');
  return pictureOf(await messageHere(interaction, messageId));
}

async function linkedPicture(
  interaction: ChatInputCommandInteraction,
  text: string,
  { config }: Pick<BotServices, 'config'>,
): Promise<ContentPicture> {
  // People put angle brackets around a link to keep Discord from showing what it leads to.
  const link = text.trim().replace(/^<(.*)>$/, '$1');
  const [, channelId, messageId] = messageAddress.exec(link) ?? [];
  if (messageId !== undefined) {
    if (channelId !== interaction.channelId) throw new UserError('message-elsewhere');
    return pictureOf(await messageHere(interaction, messageId));
  }
  const { attachmentOrigins } = config;
  if (!isAllowed(link, attachmentOrigins)) {
    const hosts = attachmentOrigins.map((origin) => new URL(origin).host).join(', ');
    throw new UserError('link-not-allowed', { hosts });
  }
  return { content: { kind: 'url', url: link }, spoiler: hasSpoilerName(link) };
}

const messageAddress = /^https:\/\/(?:(?:ptb|canary)\.)?discord(?:app)?\.com\/channels\/(?:@me|\d+)\/(\d+)\/(\d+)$/;

/** Fetches a message of this channel. @throws UserError `message-out-of-reach` */
async function messageHere(interaction: ChatInputCommandInteraction, messageId: string): Promise<Message> {
  try {
    const channel = await interaction.client.channels.fetch(interaction.channelId);
    if (channel?.isTextBased()) return await channel.messages.fetch({ message: messageId, force: true, cache: false });
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error;
  }
  throw new UserError('message-out-of-reach');
}

/** Returns the picture in a message; of a result, that is the first one. @throws UserError `message-not-readable` */
function pictureOf(message: Message): ContentPicture {
  const [picture] = picturesInMessage(message);
  if (picture === undefined) throw new UserError('message-not-readable');
  const { url, spoiler } = picture;
  return { content: { kind: 'url', url }, takenFrom: message.url, spoiler };
}

/** Returns whether a file on Discord is hidden behind a spoiler, which its name says. */
function hasSpoilerName(address: string): boolean {
  return new URL(address).pathname.split('/').at(-1)?.startsWith('SPOILER_') ?? false;
}
