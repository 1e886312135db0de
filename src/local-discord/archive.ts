import type {
  APIApplicationCommand,
  APIAuthorizingIntegrationOwnersMap,
  APIEmbed,
  APIMessageInteractionMetadata,
  APIMessageReference,
  APIMessageSnapshot,
  APIMessageTopLevelComponent,
  InteractionResponseType,
  InteractionType,
  Locale,
  MessageType,
} from 'discord.js';
import { z } from 'zod';
import { Channel, type SupportedChannelType } from './channel.js';
import type { StoredFile } from './file-store.js';
import type { Guild } from './guild.js';
import type { Interaction } from './interaction.js';
import { Message } from './message.js';
import { Person } from './person.js';
import type { Discord } from './server.js';

/** Stands for the CDN's origin in what is kept, since it may be another one the next time. */
const cdnSign = 'cdn://here';

const bits = z.string().regex(/^\d+$/);
/** Parts that are Discord's own shapes are kept as they are: they were checked when they came. */
const asItCame = <Shape>() => z.custom<Shape>((value) => value !== undefined);

const userSchema = z.object({ id: z.string(), name: z.string(), locale: z.string(), avatar: z.string().optional() });
const channelSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: asItCame<SupportedChannelType>(),
  guild: z.string().optional(),
  recipients: z.array(z.string()),
});
const guildSchema = z.object({
  id: z.string(),
  name: z.string(),
  locale: asItCame<Locale>(),
  everyone: bits,
  roles: z.array(z.object({ id: z.string(), name: z.string(), permissions: bits })),
  members: z.array(z.object({ user: z.string(), roles: z.array(z.string()), permissions: bits, joinedAt: z.number() })),
});
const fileSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  contentType: z.string().optional(),
  description: z.string().optional(),
  spoiler: z.boolean(),
  width: z.number().optional(),
  height: z.number().optional(),
  isEphemeral: z.boolean(),
});
const messageSchema = z.object({
  id: z.string(),
  channel: z.string(),
  author: z.string(),
  createdAt: z.number(),
  type: asItCame<MessageType>().optional(),
  reference: asItCame<APIMessageReference>().optional(),
  snapshots: z.array(asItCame<APIMessageSnapshot>()).optional(),
  interaction: asItCame<APIMessageInteractionMetadata>().optional(),
  applicationId: z.string().optional(),
  command: z.string().optional(),
  nonce: z.union([z.string(), z.number()]).optional(),
  content: z.string(),
  embeds: z.array(asItCame<APIEmbed>()),
  components: z.array(asItCame<APIMessageTopLevelComponent>()),
  /** The files, with descriptions of this message's own. */
  attachments: z.array(fileSchema),
  flags: z.number(),
  mentions: z.array(z.string()),
  editedAt: z.number().optional(),
});
const interactionSchema = z.object({
  id: z.string(),
  token: z.string(),
  type: asItCame<InteractionType>(),
  user: z.string(),
  channel: z.string(),
  name: z.string(),
  subcommand: z.array(z.string()),
  owners: asItCame<APIAuthorizingIntegrationOwnersMap>(),
  metadata: asItCame<APIMessageInteractionMetadata>(),
  source: z.string().optional(),
  attachmentSizeLimit: z.number(),
  createdAt: z.number(),
  responseType: asItCame<InteractionResponseType>(),
  message: z.string().optional(),
  followUps: z.array(z.string()),
});

/** Everything that a local Discord knows, without the bytes of files and without messages that were deleted. */
export const archiveSchema = z.object({
  version: z.literal(1),
  token: z.string(),
  applicationId: z.string(),
  cdnSecret: z.base64(),
  clockAheadMs: z.number(),
  users: z.array(userSchema),
  guilds: z.array(guildSchema),
  channels: z.array(channelSchema),
  files: z.array(fileSchema),
  messages: z.array(messageSchema),
  commands: z.array(z.tuple([z.string(), z.array(asItCame<APIApplicationCommand>())])),
  interactions: z.array(interactionSchema),
});

/** An archive that was read, with the bytes of its files by their ids. */
export type Archive = z.infer<typeof archiveSchema> & { readonly bytes: ReadonlyMap<string, Uint8Array> };

/** Returns everything that a local Discord knows as JSON, for {@link readArchive}. */
export function archiveOf(discord: Discord): string {
  const { world, token, interactions } = discord;
  const { commands, channels, guilds, users, files } = world;
  const kept: z.infer<typeof archiveSchema> = {
    version: 1,
    token,
    applicationId: world.applicationId,
    cdnSecret: Buffer.from(files.secret).toString('base64'),
    clockAheadMs: world.clock.aheadMs,
    users: [...users.values()]
      .filter(({ isBot }) => !isBot)
      .map(({ id, name, locale, avatar }) => ({
        id,
        name,
        locale,
        avatar: avatar && Buffer.from(avatar).toString('base64'),
      })),
    guilds: [...guilds.values()].map(guildToKeep),
    channels: [...channels.values()].map(({ id, name, type, guild, recipients }) => ({
      id,
      name,
      type,
      guild: guild?.id,
      recipients: recipients.map((user) => user.id),
    })),
    files: files.all.map(fileToKeep),
    messages: [...channels.values()]
      .flatMap(({ history }) => history.filter((message) => !message.isDeleted))
      .map(messageToKeep),
    commands: commands.scopes.map(([scope, list]) => [scope, [...list]]),
    interactions: interactions.open.flatMap(interactionToKeep),
  };
  return JSON.stringify(kept).replaceAll(discord.cdnOrigin, cdnSign);
}

/**
 * Reads what {@link archiveOf} has written.
 * @param readBytes - returns the bytes of a file by its id.
 * @throws Error where the text is no archive, or a file is missing.
 */
export async function readArchive(json: string, readBytes: (id: string) => Promise<Uint8Array>): Promise<Archive> {
  const archive = archiveSchema.parse(JSON.parse(json));
  const bytes = await Promise.all(archive.files.map(async ({ id }) => [id, await readBytes(id)] as const));
  return { ...archive, bytes: new Map(bytes) };
}

/** Makes a new local Discord know what an archive has. Called once, before anybody comes. */
export function restore(discord: Discord, archive: Archive): void {
  const { world, interactions } = discord;
  const here = withOrigin(archive, discord.cdnOrigin);
  world.clock.advance(here.clockAheadMs);
  for (const { id, name, locale, avatar } of here.users) {
    const options = { name, locale, avatar: avatar === undefined ? undefined : Buffer.from(avatar, 'base64') };
    world.users.set(id, new Person(id, options).enter({ world, interactions }));
  }
  const userOf = (id: string) => found(world.users.get(id), id);
  for (const { id, name, locale, everyone, roles, members } of here.guilds) {
    const guild = world.createGuild({ id, name, locale, everyonePermissions: BigInt(everyone) });
    for (const role of roles) guild.roles.set(role.id, { ...role, permissions: BigInt(role.permissions) });
    for (const { user, roles: ids, permissions, joinedAt } of members) {
      const held = ids.map((role) => found(guild.roles.get(role), role));
      guild.members.set(user, { user: userOf(user), roles: held, permissions: BigInt(permissions), joinedAt });
    }
  }
  for (const { id, name, type, guild: guildId, recipients } of here.channels) {
    const guild = guildId === undefined ? undefined : found(world.guilds.get(guildId), guildId);
    const channel = new Channel(id, world.files, { guild, recipients: recipients.map(userOf) }, { name, type });
    guild?.channels.set(id, channel);
    world.channels.set(id, channel);
  }
  const stored = (file: z.infer<typeof fileSchema>): StoredFile => ({
    ...file,
    bytes: found(archive.bytes.get(file.id), file.id),
  });
  for (const file of here.files) world.files.keep(stored(file));
  const messages = new Map<string, Message>();
  for (const {
    channel: channelId,
    author,
    content,
    embeds,
    components,
    attachments,
    flags,
    mentions,
    ...rest
  } of here.messages) {
    const { editedAt, ...origin } = rest;
    const channel = found(world.channels.get(channelId), channelId);
    const message = new Message({ ...origin, channel, author: userOf(author) });
    Object.assign(message, {
      content,
      embeds,
      components,
      attachments: attachments.map(stored),
      flags,
      mentions,
      editedAt,
    });
    const { attachments: files } = message;
    if (!message.isLoading)
      message.edits.push({ at: editedAt ?? origin.createdAt, content, embeds, components, files });
    channel.history.push(message);
    messages.set(message.id, message);
  }
  for (const [scope, commands] of here.commands) world.commands.keep(scope, commands);
  for (const { user, channel, source, responseType, message, followUps, ...origin } of here.interactions) {
    const interaction = interactions.keep({
      ...origin,
      user: userOf(user),
      channel: found(world.channels.get(channel), channel),
      source: source === undefined ? undefined : messages.get(source),
    });
    interaction.message = message === undefined ? undefined : messages.get(message);
    interaction.followUps.push(...followUps.flatMap((id) => messages.get(id) ?? []));
    interaction.acknowledge(responseType);
  }
}

function withOrigin({ bytes: _, ...archive }: Archive, origin: string): z.infer<typeof archiveSchema> {
  return archiveSchema.parse(JSON.parse(JSON.stringify(archive).replaceAll(cdnSign, origin)));
}

function guildToKeep({ id, name, locale, everyone, roles, members }: Guild): z.infer<typeof guildSchema> {
  return {
    id,
    name,
    locale,
    everyone: everyone.permissions.toString(),
    roles: [...roles.values()]
      .filter((role) => role !== everyone)
      .map((role) => ({ ...role, permissions: role.permissions.toString() })),
    members: [...members.values()].map(({ user, roles: held, permissions, joinedAt }) => ({
      user: user.id,
      roles: held.map((role) => role.id),
      permissions: permissions.toString(),
      joinedAt,
    })),
  };
}

function fileToKeep({ bytes: _, ...file }: StoredFile): z.infer<typeof fileSchema> {
  return file;
}

function messageToKeep(message: Message): z.infer<typeof messageSchema> {
  const { origin, content, embeds, components, attachments, flags, mentions, editedAt } = message;
  const { channel, author, snapshots, ...rest } = origin;
  return {
    ...rest,
    channel: channel.id,
    author: author.id,
    snapshots: snapshots && [...snapshots],
    content,
    embeds: [...embeds],
    components: [...components],
    attachments: attachments.map(fileToKeep),
    flags,
    mentions: [...mentions],
    editedAt,
  };
}

/** Returns an interaction to keep; none where the bot has not answered, which it can't do later. */
function interactionToKeep({
  origin,
  responseType,
  message,
  followUps,
}: Interaction): z.infer<typeof interactionSchema>[] {
  if (responseType === undefined) return [];
  const { user, channel, source, subcommand, ...rest } = origin;
  return [
    {
      ...rest,
      user: user.id,
      channel: channel.id,
      source: source?.id,
      subcommand: [...subcommand],
      responseType,
      message: message?.id,
      followUps: followUps.map(({ id }) => id),
    },
  ];
}

function found<Thing>(thing: Thing | undefined, id: string): Thing {
  if (thing === undefined) throw new RangeError(`The archive names "${id}", which is not in it`);
  return thing;
}
