import type { BaseInteraction } from 'discord.js';

/**
 * Returns whether an interaction comes from an age-restricted channel, or from a thread in one, which says nothing of its
 * own. What is painted or kept there is not to be shown anywhere else. Where Discord tells nothing of the channel, as in a
 * server that the bot is no member of, it counts as open to everybody.
 */
export function isAgeRestricted({ channel }: Pick<BaseInteraction, 'channel'>): boolean {
  const place = channel?.isThread() ? channel.parent : channel;
  return place !== null && place !== undefined && 'nsfw' in place && place.nsfw === true;
}
