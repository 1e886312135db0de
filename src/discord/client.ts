import { Client, GatewayIntentBits, Options, Partials, type RESTOptions } from 'discord.js';

/** How the client reaches Discord. */
export interface ClientOptions {
  /** Address of the HTTP API; undefined for Discord's own. */
  readonly api: string | undefined;
  /** Address of the server that avatars are fetched from; undefined for Discord's own. */
  readonly cdn: string | undefined;
  /** Number of connections to the gateway; `auto` makes as many as Discord recommends. */
  readonly shards: number | 'auto';
  /** Function that makes the HTTP requests; undefined for the one of discord.js. */
  readonly makeRequest?: RESTOptions['makeRequest'] | undefined;
}

/**
 * Returns a discord.js client without caches that nobody reads. It hears of servers, and of messages there: not what they
 * say, which would be a privileged intent, but that they were deleted. That is told of partial messages only, since none is
 * kept.
 */
export function createClient({ api, cdn, shards, makeRequest }: ClientOptions): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
    partials: [Partials.Message],
    // Shards are always given: else discord.js reads the environment's SHARDS as JSON, and fails on an empty one.
    shards: shards === 'auto' ? shards : Array.from({ length: shards }, (_, shard) => shard),
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      VoiceStateManager: 0,
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
    rest: { ...(api !== undefined && { api }), ...(cdn !== undefined && { cdn }), ...(makeRequest && { makeRequest }) },
    // A message notifies only the people that its `allowed_mentions` list, whatever its text says.
    allowedMentions: { parse: [] },
  });
}
