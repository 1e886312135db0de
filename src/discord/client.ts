import { Client, GatewayIntentBits, Options } from 'discord.js';

export interface ClientAddresses {
  /** Where the HTTP API is; undefined: Discord itself. */
  readonly api: string | undefined;
  /** Where avatars are, if not at Discord. */
  readonly cdn: string | undefined;
}

/** Discord's client, with the one intent that slash commands need and without caches that nobody reads. */
export function createClient({ api, cdn }: ClientAddresses): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds],
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      VoiceStateManager: 0,
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
    rest: { ...(api !== undefined && { api }), ...(cdn !== undefined && { cdn }) },
    // Whatever a message says, it notifies only whom it names explicitly.
    allowedMentions: { parse: [] },
  });
}
