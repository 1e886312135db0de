import { type APIApplication, DiscordAPIError, PermissionFlagsBits, type REST, Routes } from 'discord.js';
import type { Command } from '../discord/command.js';
import { startError } from '../discord/start-trouble.js';
import { type Finding, failure, ok, warning } from './finding.js';

/** A server that the bot is in, as Discord lists it. */
interface OwnServer {
  readonly name: string;
  /** The bot's permissions in the server, as the decimal number of their bits, without what channels change. */
  readonly permissions: string;
}

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
  return [
    ok('discord', `The token is that of "${application.name}" (${application.id}).`),
    await checkCommands(rest, application.id, commands, guildId),
    ...(await checkServers(rest)),
  ];
}

async function checkCommands(
  rest: REST,
  applicationId: string,
  commands: readonly Command[],
  guildId: string | undefined,
): Promise<Finding> {
  const route =
    guildId === undefined
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId);
  const where = guildId === undefined ? 'for all servers' : `in the server ${guildId}`;
  const remedy = '`npm start` registers them, `npx whitewalker commands deploy` at once.';
  try {
    const registered = (await rest.get(route)) as readonly { readonly name: string }[];
    const names = registered.map(({ name }) => name);
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

async function checkServers(rest: REST): Promise<readonly Finding[]> {
  const servers = (await rest.get(Routes.userGuilds())) as readonly OwnServer[];
  if (servers.length === 0) {
    const invitation = 'Invite it with the link on the page "Installation" of its application.';
    return [warning('servers', 'The bot is in no server.', invitation)];
  }
  const lacking = servers.flatMap(({ name, permissions }) => {
    const missing = missingPermissions(BigInt(permissions));
    return missing.length === 0 ? [] : [`${name} (${missing.join(', ')})`];
  });
  const count = `${servers.length} ${servers.length === 1 ? 'server' : 'servers'}`;
  if (lacking.length === 0) return [ok('servers', `The bot is in ${count} and has what it needs there.`)];
  return [
    warning('servers', `The bot is in ${count} and lacks permissions in ${lacking.join('; ')}.`, permissionsRemedy),
  ];
}

function missingPermissions(granted: bigint): readonly string[] {
  if ((granted & PermissionFlagsBits.Administrator) !== 0n) return [];
  return Object.entries(neededPermissions).flatMap(([name, bit]) => ((granted & bit) === 0n ? [name] : []));
}
