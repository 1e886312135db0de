import { InteractionContextType, PermissionFlagsBits, type RepliableInteraction, SnowflakeUtil } from 'discord.js';
import type { ReplyAddress } from '../../jobs/job.js';

/** Time for which an interaction's token is used, in milliseconds: 15 minutes less what an upload may take. */
const tokenLifeMs = 14 * 60_000;

/** Time before a token's end that is left for stopping a job and telling its person, in milliseconds. */
const lastWordsMs = 30_000;

/** Returns whether a reply can still be edited by its interaction's token; `now` is in milliseconds since 1970. */
export function tokenLives({ interactionId, token }: ReplyAddress, now: number): boolean {
  return token !== '' && now < SnowflakeUtil.timestampFrom(interactionId) + tokenLifeMs;
}

/** Returns where the reply to an interaction will be, before it has been made. */
export function replyAddress(
  interaction: RepliableInteraction,
  { ephemeral }: { readonly ephemeral: boolean },
): ReplyAddress {
  const botMaySpeak = !ephemeral && mayBotSpeak(interaction);
  return {
    applicationId: interaction.applicationId,
    interactionId: interaction.id,
    token: interaction.token,
    channelId: interaction.channelId ?? undefined,
    messageId: undefined,
    ephemeral,
    botMaySpeak,
    locale: interaction.locale,
    maxFileBytes: interaction.attachmentSizeLimit,
    deadlineAt: botMaySpeak ? undefined : interaction.createdTimestamp + tokenLifeMs - lastWordsMs,
  };
}

/** Returns whether the bot may speak here without an interaction: it is a member, and nothing is forbidden to it. */
function mayBotSpeak(interaction: RepliableInteraction): boolean {
  if (interaction.context === InteractionContextType.BotDM) return true;
  if (interaction.guildId === null || interaction.authorizingIntegrationOwners.guildId === null) return false;
  const speaking = interaction.channel?.isThread()
    ? PermissionFlagsBits.SendMessagesInThreads
    : PermissionFlagsBits.SendMessages;
  return interaction.appPermissions.has([PermissionFlagsBits.ViewChannel, PermissionFlagsBits.AttachFiles, speaking]);
}
