import { type REST, Routes } from 'discord.js';

/** A server that the bot is in, as Discord lists it. */
export interface OwnServer {
  readonly id: string;
  readonly name: string;
  /** The bot's permissions in the server, as the decimal number of their bits, without what channels change. */
  readonly permissions: string;
}

/** The most servers that Discord lists in one answer. */
const pageSize = 200;

/** Lists the servers that the bot is in, by REST: without a connection, and whatever shards there are. */
export async function ownServers(rest: REST): Promise<readonly OwnServer[]> {
  const servers: OwnServer[] = [];
  for (;;) {
    const query = new URLSearchParams({ limit: String(pageSize) });
    const last = servers.at(-1);
    if (last) query.set('after', last.id);
    const page = (await rest.get(Routes.userGuilds(), { query })) as readonly OwnServer[];
    servers.push(...page);
    if (page.length < pageSize) return servers;
  }
}
