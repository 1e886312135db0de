import { ApplicationCommandType } from 'discord.js';
import type { UserMenuCommand } from '../src/discord/command.js';
import { everywhere } from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { whiteWalkerRequest } from '../src/discord/kinds/style-transfer.js';
import { serverOf } from '../src/discord/permissions.js';
import { localizations } from '../src/discord/texts/language.js';
import { sharedTexts } from '../src/discord/texts/texts.js';

/** This entry in a person's menu paints their avatar: the one for this server, where they have one. */
export const whiteWalkThisAvatar = {
  kind: 'user',
  data: {
    type: ApplicationCommandType.User,
    name: sharedTexts.en.commands.userMenu,
    name_localizations: localizations(sharedTexts, ({ commands }) => commands.userMenu),
    ...everywhere,
  },

  async execute(interaction, bot) {
    const { targetMember, targetUser } = interaction;
    const person = targetMember !== null && 'displayAvatarURL' in targetMember ? targetMember : targetUser;
    const { framesMax } = bot.settings.of(serverOf(interaction));
    // Of an avatar that moves, Discord has a GIF, and its first frame as a PNG.
    const url = person.displayAvatarURL({ extension: 'png', forceStatic: framesMax === 1, size: 1024 });
    await takeRequest(interaction, whiteWalkerRequest({ kind: 'url', url }), bot);
  },
} as const satisfies UserMenuCommand;
