import { type BaseInteraction, PermissionFlagsBits } from 'discord.js';
import { UserError } from './user-error.js';

/**
 * Returns whether the person moderates here, which is who may manage messages or the server: they may cancel and delete
 * others' pictures, keep the server's styles, block people, and see the settings.
 */
export function isModerator({ memberPermissions }: BaseInteraction): boolean {
  return memberPermissions?.any([PermissionFlagsBits.ManageMessages, PermissionFlagsBits.ManageGuild]) ?? false;
}

/** Returns the server's id. @throws UserError unless the person moderates this server. */
export function requireModerator(interaction: BaseInteraction): string {
  const guildId = requireServer(interaction);
  if (!isModerator(interaction)) throw new UserError('moderators-only');
  return guildId;
}

/**
 * Returns the server's id.
 * @throws UserError unless the person manages this server.
 */
export function requireManager(interaction: BaseInteraction): string {
  const guildId = requireServer(interaction);
  if (!interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild)) throw new UserError('managers-only');
  return guildId;
}

/**
 * Returns the server's id.
 * @throws UserError in direct messages, and where the bot is not a member of the server but came with one person.
 */
export function requireServer(interaction: BaseInteraction): string {
  const guildId = serverOf(interaction);
  if (guildId === undefined) throw new UserError('server-only');
  return guildId;
}

/**
 * Returns the id of the server whose settings hold; undefined in direct messages, and where only a person has installed
 * the bot.
 */
export function serverOf(interaction: BaseInteraction): string | undefined {
  if (interaction.guildId === null || interaction.authorizingIntegrationOwners.guildId === null) return undefined;
  return interaction.guildId;
}
