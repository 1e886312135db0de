import { type BaseInteraction, PermissionFlagsBits } from 'discord.js';
import { UserError } from './user-error.js';

/** Whether the person moderates here: may cancel and delete what others asked for, and keep the server's styles. */
export function isModerator(interaction: BaseInteraction): boolean {
  return interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
}

/** @throws UserError unless the person moderates this server. */
export function requireModerator(interaction: BaseInteraction): string {
  const guildId = requireServer(interaction);
  if (!isModerator(interaction)) throw new UserError('moderators-only');
  return guildId;
}

/**
 * What Discord checks for commands already, by default: a server's admins may override that, and then it is here.
 * @throws UserError unless the person manages this server.
 */
export function requireManager(interaction: BaseInteraction): string {
  const guildId = requireServer(interaction);
  if (!interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild)) throw new UserError('managers-only');
  return guildId;
}

/**
 * The server's id.
 * @throws UserError in direct messages, and where the bot is not a member but came with one person.
 */
export function requireServer(interaction: BaseInteraction): string {
  const guildId = serverOf(interaction);
  if (guildId === undefined) throw new UserError('server-only');
  return guildId;
}

/** The server whose settings hold: undefined in direct messages and where only the person has installed the bot. */
export function serverOf(interaction: BaseInteraction): string | undefined {
  if (interaction.guildId === null || interaction.authorizingIntegrationOwners.guildId === null) return undefined;
  return interaction.guildId;
}
