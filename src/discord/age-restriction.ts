import type { BaseInteraction, Channel } from 'discord.js';

/**
 * Returns whether an interaction comes from an age-restricted channel, or from a thread in one. What is painted or kept
 * there is not to be shown anywhere else. Where Discord tells nothing of the channel, as in a server that the bot is no
 * member of, it counts as open to everybody.
 */
export function isAgeRestricted({ channel }: Pick<BaseInteraction, 'channel'>): boolean {
  return channel !== null && isAgeRestrictedChannel(channel);
}

/** Returns whether a channel is age-restricted, by its own setting or, of a thread, which has none, by its channel's. */
export function isAgeRestrictedChannel(channel: Channel): boolean {
  const holder = channel.isThread() ? channel.parent : channel;
  return holder !== null && 'nsfw' in holder && holder.nsfw === true;
}
