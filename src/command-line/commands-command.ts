import { Command } from 'commander';
import { type APIApplication, REST, Routes } from 'discord.js';
import { databasePath } from '../bot.js';
import { commands } from '../command-table.js';
import { type BotConfig, readBotConfig } from '../config.js';
import { Database } from '../database/database.js';
import { Registration, type RegistrationScope } from '../discord/registration.js';
import { startError } from '../discord/start-error.js';

/** `whitewalker commands deploy|clear|list`: what Discord knows of the slash commands; the bot itself updates them. */
export function commandsCommand(): Command {
  const group = new Command('commands').summary('register the slash commands with Discord');
  group
    .command('deploy')
    .summary('register all commands')
    .action(() =>
      withRegistration(async (registration, scope) => {
        await registration.deploy(commands, scope);
        say(`Registered ${commands.length} commands ${where(scope)}.`);
      }),
    );
  group
    .command('clear')
    .summary('remove all commands')
    .action(() =>
      withRegistration(async (registration, scope) => {
        await registration.clear(scope);
        say(`Removed all commands ${where(scope)}.`);
      }),
    );
  group
    .command('list')
    .summary('list the commands that Discord has')
    .action(() =>
      withRegistration(async (registration, scope) => {
        const names = await registration.list(scope);
        say(names.length === 0 ? `There are no commands ${where(scope)}.` : names.join('\n'));
      }),
    );
  return group;
}

async function withRegistration(action: (registration: Registration, scope: RegistrationScope) => Promise<void>) {
  const config = readBotConfig(process.env);
  const database = Database.open(databasePath(config));
  try {
    const rest = restOf(config);
    const { id } = (await rest.get(Routes.currentApplication())) as APIApplication;
    await action(new Registration(rest, database), { applicationId: id, guildId: config.developmentGuildId });
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

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
