import { type APIApplication, DiscordAPIError, PermissionFlagsBits, type REST, Routes } from 'discord.js';
import type { Command } from '../discord/command.js';
import { ownServers } from '../discord/own-servers.js';
import { commandNames, commandsEverywhere, type RegistrationScope } from '../discord/registered-commands.js';
import { startError } from '../discord/start-trouble.js';
import { counter } from '../discord/texts/language.js';
import { type Finding, failure, ok, warning } from './finding.js';

/** Permissions that the bot needs in a server, by the names that Discord's settings show. */
const neededPermissions = {
  'View Channels': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  // The bot replies to its answers to orders, and looks for them after a crash.
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
} as const;

const permissionsRemedy =
  'Give the role of the bot these permissions in the server settings, or invite it anew with the link on the page ' +
  '"Installation" of its application.';

/** Checks whether Discord knows the token, has the commands, and lets the bot do its work in its servers. */
export async function checkDiscord(
  rest: REST,
  commands: readonly Command[],
  guildId: string | undefined,
): Promise<readonly Finding[]> {
  let application: APIApplication;
  try {
    application = (await rest.get(Routes.currentApplication())) as APIApplication;
  } catch (error) {
    const reason = startError(error);
    return [failure('discord', reason instanceof Error ? reason.message : String(reason), 'Then run this again.')];
  }
  const scope = { applicationId: application.id, guildId };
  return [
    ok('discord', `The token is that of "${application.name}" (${application.id}).`),
    await checkCommands(rest, commands, scope),
    ...(await checkTwins(rest, scope)),
    ...(await checkServers(rest)),
  ];
}

async function checkCommands(rest: REST, commands: readonly Command[], scope: RegistrationScope): Promise<Finding> {
  const where = scope.guildId === undefined ? 'for all servers' : `in the server ${scope.guildId}`;
  const remedy = '`npm start` registers them, `npx whitewalker commands deploy` at once.';
  try {
    const names = await commandNames(rest, scope);
    const missing = commands.filter(({ data }) => !names.includes(data.name)).map(({ data }) => data.name);
    if (missing.length === 0) return ok('commands', `All ${commands.length} commands are registered ${where}.`);
    return warning('commands', `Not registered ${where}: ${missing.join(', ')}.`, remedy);
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error;
    return failure(
      'commands',
      `Discord doesn't list the commands ${where}: ${error.message}.`,
      'Check DISCORD_GUILD_ID.',
    );
  }
}

/** Checks whether commands are where they don't belong as well, as they are once DISCORD_GUILD_ID was changed. */
async function checkTwins(rest: REST, { applicationId, guildId }: RegistrationScope): Promise<readonly Finding[]> {
  const elsewhere = (await commandsEverywhere(rest, applicationId)).filter(({ scope }) => scope.guildId !== guildId);
  if (elsewhere.length === 0) return [];
  const places = elsewhere.map(({ where }) => where).join(', ');
  return [
    warning(
      'commands',
      `Commands are registered ${places} as well, as DISCORD_GUILD_ID had it at another time: they stand twice.`,
      '`npx whitewalker commands clear` removes them everywhere, `npx whitewalker commands deploy` then registers them once.',
    ),
  ];
}

async function checkServers(rest: REST): Promise<readonly Finding[]> {
  const servers = await ownServers(rest);
  if (servers.length === 0) {
    const invitation = 'Invite it with the link on the page "Installation" of its application.';
    return [warning('servers', 'The bot is in no server.', invitation)];
  }
  const lacking = servers.flatMap(({ name, permissions }) => {
    const missing = missingPermissions(BigInt(permissions));
    return missing.length === 0 ? [] : [`${name} (${missing.join(', ')})`];
  });
  const count = counter('en')(servers.length, 'server');
  if (lacking.length === 0) return [ok('servers', `The bot is in ${count} and has what it needs there.`)];
  return [
    warning('servers', `The bot is in ${count} and lacks permissions in ${lacking.join('; ')}.`, permissionsRemedy),
  ];
}

function missingPermissions(granted: bigint): readonly string[] {
  if ((granted & PermissionFlagsBits.Administrator) !== 0n) return [];
  return Object.entries(neededPermissions).flatMap(([name, bit]) => ((granted & bit) === 0n ? [name] : []));
}
