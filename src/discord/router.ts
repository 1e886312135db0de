import { randomUUID } from 'node:crypto';
import { DiscordAPIError, type Interaction, MessageFlags, RESTJSONErrorCodes } from 'discord.js';
import { isOfDisk } from '../jobs/disk-trouble.js';
import type { BotServices } from './bot-services.js';
import type { Command, ComponentHandler, ModalHandler } from './command.js';
import { parseCustomId } from './messages/custom-id.js';
import { errorText, textsFor } from './texts/texts.js';
import { UserError } from './user-error.js';

/** The commands, components and modals that the bot answers to. */
export interface Routes {
  readonly commands: readonly Command[];
  readonly components: readonly ComponentHandler[];
  readonly modals: readonly ModalHandler[];
}

/** Codes of Discord's errors for an answer that came too late, or after another answer. */
const lateCodes: readonly unknown[] = [
  RESTJSONErrorCodes.UnknownInteraction,
  RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged,
];

/** Brings interactions to their handlers, and tells people of errors: in a text, or by an id that the log has, too. */
export class Router {
  readonly #routes: Routes;
  readonly #bot: BotServices;

  constructor(routes: Routes, bot: BotServices) {
    this.#routes = routes;
    this.#bot = bot;
  }

  /** Handles an interaction. Never throws. */
  async handle(interaction: Interaction): Promise<void> {
    try {
      await this.#dispatch(interaction);
    } catch (error) {
      await this.#tell(interaction, error);
    }
  }

  async #dispatch(interaction: Interaction): Promise<void> {
    const bot = this.#bot;
    if (interaction.isButton() || interaction.isStringSelectMenu()) {
      const { action, parts } = parseCustomId(interaction.customId);
      const handler = this.#routes.components.find((known) => known.action === action);
      return required(handler, interaction.customId).execute(interaction, parts, bot);
    }
    if (interaction.isModalSubmit()) {
      const { action, parts } = parseCustomId(interaction.customId);
      const handler = this.#routes.modals.find((known) => known.action === action);
      return required(handler, interaction.customId).execute(interaction, parts, bot);
    }
    if (!interaction.isCommand() && !interaction.isAutocomplete()) return;
    const command = this.#routes.commands.find(({ data }) => data.name === interaction.commandName);
    if (interaction.isAutocomplete()) {
      if (command?.kind === 'chat') await command.autocomplete?.(interaction, bot);
    } else if (interaction.isChatInputCommand() && command?.kind === 'chat') await command.execute(interaction, bot);
    else if (interaction.isMessageContextMenuCommand() && command?.kind === 'message') {
      await command.execute(interaction, bot);
    } else if (interaction.isUserContextMenuCommand() && command?.kind === 'user') {
      await command.execute(interaction, bot);
    } else throw new Error(`There is no command "${interaction.commandName}" of this kind.`);
  }

  async #tell(interaction: Interaction, error: unknown): Promise<void> {
    const { log } = this.#bot;
    if (interaction.isAutocomplete()) return log.warn({ err: error }, 'suggestions failed');
    if (error instanceof DiscordAPIError && lateCodes.includes(error.code)) {
      return log.warn({ interaction: interaction.id, err: error }, 'interaction was answered too late, or twice');
    }
    const id = randomUUID().slice(0, 8);
    if (!(error instanceof UserError)) log.error({ id, interaction: interaction.id, err: error }, 'interaction failed');
    if (!interaction.isRepliable()) return;
    const { code, context } = error instanceof UserError ? error : { code: codeFor(error), context: { id } };
    const content = errorText(textsFor(interaction.locale), code, context);
    try {
      // A click that was acknowledged has no answer that could be filled in: its reply is the message with the button.
      const isAwaited = interaction.deferred && !interaction.replied && !interaction.isMessageComponent();
      if (isAwaited) await interaction.editReply({ content });
      else if (interaction.deferred || interaction.replied)
        await interaction.followUp({ content, flags: MessageFlags.Ephemeral });
      else await interaction.reply({ content, flags: MessageFlags.Ephemeral });
    } catch (failure) {
      log.warn({ interaction: interaction.id, err: failure }, 'refusal could not be told');
    }
  }
}

/** Returns the code of the text for an error that is not about what a person asked for. */
function codeFor(error: unknown): string {
  return isOfDisk(error) ? 'disk-trouble' : 'unexpected';
}

function required<Handler>(handler: Handler | undefined, customId: string): Handler {
  // A component without a handler is from an older or newer version of the bot.
  if (handler === undefined) throw new UserError('outdated-button', { customId });
  return handler;
}
