import { type APIApplication, REST, Routes } from 'discord.js';
import { commands } from '../command-table.js';
import { type BotConfig, databasePath, readBotConfig } from '../config.js';
import { Database } from '../database/database.js';
import { Registration, type RegistrationScope } from '../discord/command-registration.js';
import { startError } from '../discord/start-trouble.js';

/** Registers all slash commands, and returns a sentence that says so. @throws `start/…`, `database/…`, `config/…`. */
export function deployCommands(): Promise<string> {
  return withRegistration(async (registration, scope) => {
    await registration.deploy(commands, scope);
    return `Registered ${commands.length} commands ${where(scope)}.`;
  });
}

/** Removes all slash commands, and returns a sentence that says so. @throws `start/…`, `database/…`, `config/…`. */
export function clearCommands(): Promise<string> {
  return withRegistration(async (registration, scope) => {
    await registration.clear(scope);
    return `Removed all commands ${where(scope)}.`;
  });
}

/** Returns the names of the commands that Discord has, one a line. @throws `start/…`, `database/…`, `config/…`. */
export function listCommands(): Promise<string> {
  return withRegistration(async (registration, scope) => {
    const names = await registration.list(scope);
    return names.length === 0 ? `There are no commands ${where(scope)}.` : names.join('\n');
  });
}

async function withRegistration(
  action: (registration: Registration, scope: RegistrationScope) => Promise<string>,
): Promise<string> {
  const config = readBotConfig(process.env);
  const database = Database.open(databasePath(config));
  try {
    const rest = restOf(config);
    const { id } = (await rest.get(Routes.currentApplication())) as APIApplication;
    return await action(new Registration(rest, database), { applicationId: id, guildId: config.developmentGuildId });
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
