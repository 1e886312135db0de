import { PermissionFlagsBits } from 'discord.js';

/** Permissions as bits, or by their names. */
export type Permissions = bigint | readonly (keyof typeof PermissionFlagsBits)[];

/** What a bot has after an ordinary invitation, and what everyone has in a new server. */
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

/** Whether all of `needed` are among `granted`; administrators have all. */
export function includesPermissions(granted: bigint, needed: bigint): boolean {
  return (granted & PermissionFlagsBits.Administrator) !== 0n || (granted & needed) === needed;
}
