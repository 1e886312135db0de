import { Command } from 'commander';
import { say } from './standard-streams.js';

/** `whitewalker commands deploy|clear|list` manages the slash commands at Discord, which the bot updates by itself. */
export function commandsCommand(): Command {
  const group = new Command('commands').summary('register the slash commands with Discord');
  group
    .command('deploy')
    .summary('register all commands')
    .action(async () => say(await (await import('./commands.js')).deployCommands()));
  group
    .command('clear')
    .summary('remove all commands, for all servers and in single ones')
    .action(async () => say(await (await import('./commands.js')).clearCommands()));
  group
    .command('list')
    .summary('list the commands that Discord has')
    .action(async () => say(await (await import('./commands.js')).listCommands()));
  return group;
}
