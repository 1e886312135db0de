import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
  StringSelectMenuInteraction,
  UserContextMenuCommandInteraction,
} from 'discord.js';
import type { BotServices } from './bot-services.js';

/** A slash command: its definition as Discord takes it, and what it does. */
export interface ChatCommand {
  readonly kind: 'chat';
  readonly data: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** @throws UserError, which the person is told in their language. */
  execute(interaction: ChatInputCommandInteraction, bot: BotServices): Promise<void>;
  autocomplete?(interaction: AutocompleteInteraction, bot: BotServices): Promise<void>;
}

/** A command in the menu of a message. */
export interface MessageMenuCommand {
  readonly kind: 'message';
  readonly data: RESTPostAPIContextMenuApplicationCommandsJSONBody;
  execute(interaction: MessageContextMenuCommandInteraction, bot: BotServices): Promise<void>;
}

/** A command in the menu of a person. */
export interface UserMenuCommand {
  readonly kind: 'user';
  readonly data: RESTPostAPIContextMenuApplicationCommandsJSONBody;
  execute(interaction: UserContextMenuCommandInteraction, bot: BotServices): Promise<void>;
}

export type Command = ChatCommand | MessageMenuCommand | UserMenuCommand;

/** A click on a button, or a choice from a menu. */
export type ComponentInteraction = ButtonInteraction | StringSelectMenuInteraction;

/** What a button or a menu does; found by the action in its `custom_id`, so it works after a restart. */
export interface ComponentHandler {
  readonly action: string;
  /** @param parts - what stands in the `custom_id` behind the action. */
  execute(interaction: ComponentInteraction, parts: readonly string[], bot: BotServices): Promise<void>;
}

/** What happens when a modal is sent. */
export interface ModalHandler {
  readonly action: string;
  execute(interaction: ModalSubmitInteraction, parts: readonly string[], bot: BotServices): Promise<void>;
}
