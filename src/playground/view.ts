import { isOfCdn } from '../local-discord/cdn.js';
import type { Channel } from '../local-discord/channel.js';
import { defaultAttachmentSizeLimit } from '../local-discord/guild.js';
import type { RequestRecord } from '../local-discord/http-handler.js';
import type { Message } from '../local-discord/message.js';
import type { Discord } from '../local-discord/server.js';
import type { User } from '../local-discord/user.js';
import type { Resident, Town } from './town.js';
import type {
  ChannelView,
  CommandsView,
  MessageView,
  PersonLanguage,
  PersonRole,
  PersonView,
  RequestView,
} from './wire.js';

/** Number of the latest requests that a page shows. */
export const mostRequestsShown = 200;

export function peopleView(discord: Discord, { residents }: Town): PersonView[] {
  return [...residents.map(({ person, role }) => personView(person, role)), personView(discord.botUser, 'bot')];
}

function personView(user: User, role: PersonRole): PersonView {
  const { id, name, avatarHash, locale } = user;
  const language: PersonLanguage = locale === 'de' ? 'de' : 'en-US';
  const number = Number(BigInt(id) % 6n);
  const avatar = avatarHash === null ? `/embed/avatars/${number}.png` : `/avatars/${id}/${avatarHash}.webp?size=96`;
  return { id, name, avatar, role, language };
}

export function channelsView(discord: Discord): ChannelView[] {
  return [...discord.world.channels.values()].map((channel) => ({
    id: channel.id,
    name: channel.guild ? channel.name : discord.botUser.name,
    kind: channel.guild ? 'server' : 'direct',
    people: peopleIn(channel).map(({ id }) => id),
    uploadLimit: channel.guild?.attachmentSizeLimit ?? defaultAttachmentSizeLimit,
  }));
}

function peopleIn(channel: Channel): readonly User[] {
  const all = channel.guild ? [...channel.guild.members.values()].map(({ user }) => user) : channel.recipients;
  return all.filter(({ isBot }) => !isBot);
}

export function messageView(discord: Discord, message: Message): MessageView {
  const { origin, isEphemeral } = message;
  return {
    body: onThisServer(discord, message.toApi()),
    command: origin.command,
    onlyFor: isEphemeral ? origin.interaction?.user.id : undefined,
  };
}

export function messagesView(discord: Discord): MessageView[] {
  const histories = [...discord.world.channels.values()].map(({ history }) => history);
  return histories
    .flat()
    .filter(({ isDeleted }) => !isDeleted)
    .map((message) => messageView(discord, message));
}

/** Returns what Discord's API shows as pages get it: files are fetched from the page's own server. */
function onThisServer(discord: Discord, shown: unknown) {
  return JSON.parse(JSON.stringify(shown).replaceAll(discord.cdnOrigin, ''));
}

/**
 * Returns what a page sends as Discord gets it, the opposite of what pages are shown: addresses of files on the page's own
 * server, which visitors copy there, become those of the CDN, and an attachment's is signed anew, however old the page is.
 * @param origin - the origin of the page.
 */
export function onDiscord({ cdnOrigin, world }: Discord, origin: string, sent: unknown): unknown {
  const text = JSON.stringify(sent).replaceAll(/https?:\/\/[^\s"<>\\]+/g, (address) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.origin !== origin || !isOfCdn(url.pathname)) return address;
    const file = world.files.byPath(url.pathname);
    return file ? world.files.url(file) : `${cdnOrigin}${url.pathname}${url.search}`;
  });
  return JSON.parse(text);
}

export function commandsView(discord: Discord, { residents }: Town): CommandsView {
  const { commands, channels } = discord.world;
  const pairs = residents.flatMap(({ person }) =>
    [...channels.values()]
      .filter((channel) => channel.userById(person.id))
      .map((channel) => [`${person.id} ${channel.id}`, person.in(channel).commands.map(({ id }) => id)] as const),
  );
  return { all: onThisServer(discord, commands.visible(undefined)), usable: Object.fromEntries(pairs) };
}

export function requestView(record: RequestRecord, number: number): RequestView {
  const { method, path, status, ms, at, violations } = record;
  return { number, method, path: path.replaceAll(/interaction-[\w-]+/g, '…'), status, ms, at, violations };
}

/** Returns what one person sees of all messages, channels and commands; for visitors who are nobody else. */
export function seenBy({ person }: Resident) {
  return {
    message: ({ onlyFor }: MessageView) => onlyFor === undefined || onlyFor === person.id,
    channel: ({ people }: ChannelView) => people.includes(person.id),
  };
}
