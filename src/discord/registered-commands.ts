import { type REST, Routes } from 'discord.js';
import { ownServers } from './own-servers.js';

/** Where commands are registered: for everybody, or in the one server of a developer, where they appear at once. */
export interface RegistrationScope {
  readonly applicationId: string;
  /** Id of the developer's server; undefined registers for everybody. */
  readonly guildId: string | undefined;
}

/** Commands that Discord has in one scope. */
export interface RegisteredCommands {
  readonly scope: RegistrationScope;
  /** Where they are, in words: `for all servers`, or `in the server "Winterfell" (123)`. */
  readonly where: string;
  readonly names: readonly string[];
}

/** Returns the address under which Discord keeps the commands of a scope. */
export function routeOf({ applicationId, guildId }: RegistrationScope) {
  return guildId === undefined
    ? Routes.applicationCommands(applicationId)
    : Routes.applicationGuildCommands(applicationId, guildId);
}

/** Returns the names of the commands that Discord has in a scope. */
export async function commandNames(rest: REST, scope: RegistrationScope): Promise<readonly string[]> {
  const commands = (await rest.get(routeOf(scope))) as readonly { readonly name: string }[];
  return commands.map(({ name }) => name);
}

/**
 * Finds out where an application has commands: for all servers, and in each server that the bot is in. A command that is
 * both for all servers and in one stands twice there. Scopes without commands are left out.
 */
export async function commandsEverywhere(rest: REST, applicationId: string): Promise<readonly RegisteredCommands[]> {
  const servers = await ownServers(rest);
  const places = [
    { scope: { applicationId, guildId: undefined }, where: 'for all servers' },
    ...servers.map(({ id, name }) => ({
      scope: { applicationId, guildId: id },
      where: `in the server "${name}" (${id})`,
    })),
  ];
  // discord.js keeps to Discord's limit of requests a second.
  const found = await Promise.all(
    places.map(async (place) => ({ ...place, names: await commandNames(rest, place.scope) })),
  );
  return found.filter(({ names }) => names.length > 0);
}
