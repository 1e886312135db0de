import { Client, GatewayIntentBits, Options, type RESTOptions } from 'discord.js';

export interface ClientOptions {
  /** Where the HTTP API is; undefined: Discord itself. */
  readonly api: string | undefined;
  /** Where avatars are, if not at Discord. */
  readonly cdn: string | undefined;
  /** Connections to the gateway; `auto`: as many as Discord recommends. */
  readonly shards: number | 'auto';
  /** How requests are made, if not as discord.js does. */
  readonly makeRequest?: RESTOptions['makeRequest'] | undefined;
}

/** Discord's client, with the one intent that slash commands need and without caches that nobody reads. */
export function createClient({ api, cdn, shards, makeRequest }: ClientOptions): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds],
    // Always said: left to itself, discord.js reads the environment's SHARDS as JSON, and fails on an empty one.
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
    // Whatever a message says, it notifies only whom it names explicitly.
    allowedMentions: { parse: [] },
  });
}
