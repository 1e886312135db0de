import { type APIApplication, REST, Routes } from 'discord.js';
import { commands } from '../command-table.js';
import { type BotConfig, databasePath, readBotConfig } from '../config.js';
import { Database } from '../database/database.js';
import { Registration } from '../discord/command-registration.js';
import { commandNames, commandsEverywhere, type RegistrationScope } from '../discord/registered-commands.js';
import { startError } from '../discord/start-trouble.js';

/** Registers all slash commands, and returns a sentence that says so. @throws `start/…`, `database/…`, `config/…`. */
export function deployCommands(): Promise<string> {
  return withRegistration(async (registration, scope) => {
    await registration.deploy(commands, scope);
    return `Registered ${commands.length} commands ${where(scope)}.`;
  });
}

/**
 * Removes all slash commands, wherever they are: those for all servers and those of single ones, which an earlier
 * `DISCORD_GUILD_ID` may have left. Returns a sentence that says where. @throws `start/…`, `database/…`, `config/…`.
 */
export function clearCommands(): Promise<string> {
  return withRegistration(async (registration, { applicationId }, rest) => {
    const found = await commandsEverywhere(rest, applicationId);
    for (const { scope } of found) await registration.clear(scope);
    if (found.length === 0) return 'There are no commands anywhere.';
    const places = found.map(({ where }) => where).join(', and ');
    return `Removed all commands ${places}. \`whitewalker commands deploy\` registers them anew, and so does the bot when it starts.`;
  });
}

/** Returns the names of the commands that Discord has, one a line. @throws `start/…`, `database/…`, `config/…`. */
export function listCommands(): Promise<string> {
  return withRegistration(async (_registration, scope, rest) => {
    const names = await commandNames(rest, scope);
    return names.length === 0 ? `There are no commands ${where(scope)}.` : names.join('\n');
  });
}

async function withRegistration(
  action: (registration: Registration, scope: RegistrationScope, rest: REST) => Promise<string>,
): Promise<string> {
  const config = readBotConfig(process.env);
  const database = Database.open(databasePath(config));
  try {
    const rest = restOf(config);
    const { id } = (await rest.get(Routes.currentApplication())) as APIApplication;
    const scope = { applicationId: id, guildId: config.developmentGuildId };
    return await action(new Registration(rest, database), scope, rest);
  } catch (error) {
    throw startError(error);
  } finally {
    database.close();
  }
}

function restOf({ token, discordApi }: BotConfig): REST {
  return new REST(discordApi === undefined ? {} : { api: discordApi }).setToken(token);
}

function where({ guildId }: RegistrationScope): string {
  return guildId === undefined ? 'for all servers' : `in the server ${guildId}`;
}
