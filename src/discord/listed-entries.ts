import type { APIApplicationCommandOptionChoice, Guild } from 'discord.js';
import type { ServerSettings } from '../settings/server-settings.js';
import { UserError } from './user-error.js';

/**
 * An entry of a server's list of channels or roles: what people read, and the id. What is listed may have been deleted
 * meanwhile; then people read its id.
 */
type ListedEntry = APIApplicationCommandOptionChoice<string>;

/** Returns the channels that a server has listed, whether they are allowed or denied. */
export function listedChannels(settings: ServerSettings, guild: Guild | null): readonly ListedEntry[] {
  const { channelsAllowed, channelsDenied } = settings;
  return [...channelsAllowed, ...channelsDenied].map((id) => entry('#', guild?.channels.cache.get(id)?.name, id));
}

/** Returns the roles that a server has listed. */
export function listedRoles({ rolesAllowed }: ServerSettings, guild: Guild | null): readonly ListedEntry[] {
  return rolesAllowed.map((id) => entry('@', guild?.roles.cache.get(id)?.name, id));
}

/** Returns the id of the entry that a person means: by the value of a suggestion, or by its name. @throws UserError */
export function listedId(text: string, entries: readonly ListedEntry[]): string {
  const wanted = text.trim().toLowerCase();
  const found = entries.find(({ name, value }) =>
    [value, name.toLowerCase(), name.slice(1).toLowerCase()].includes(wanted),
  );
  if (found === undefined) throw new UserError('not-listed');
  return found.value;
}

function entry(sign: '#' | '@', name: string | undefined, id: string): ListedEntry {
  return { name: `${sign}${name ?? id}`.slice(0, 100), value: id };
}
