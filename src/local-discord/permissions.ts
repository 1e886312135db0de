import { PermissionFlagsBits } from 'discord.js';

/** Permissions as bits, or as a list of Discord's names for them. */
export type Permissions = bigint | readonly (keyof typeof PermissionFlagsBits)[];

/** Permissions that a bot has after an ordinary invitation, and that everyone has in a new server. */
export const ordinaryPermissions = permissionBits([
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'AddReactions',
  'UseExternalEmojis',
  'UseApplicationCommands',
]);

export function permissionBits(permissions: Permissions): bigint {
  if (typeof permissions === 'bigint') return permissions;
  return permissions.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n);
}

/** Whether all permissions of `needed` are among `granted`; administrators have all. */
export function includesPermissions(granted: bigint, needed: bigint): boolean {
  return (granted & PermissionFlagsBits.Administrator) !== 0n || (granted & needed) === needed;
}
