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
  /** Handles a use of the command. @throws UserError, whose text the person is shown in their language. */
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

/** Handles a button or a menu; it is found by the action in the `custom_id`, so it works after a restart. */
export interface ComponentHandler {
  readonly action: string;
  /** Handles a click or a choice. @param parts - the parts of the `custom_id` that follow the action. */
  execute(interaction: ComponentInteraction, parts: readonly string[], bot: BotServices): Promise<void>;
}

/** Handles a modal that was sent. It is found by the action in the modal's `custom_id`. */
export interface ModalHandler {
  readonly action: string;
  execute(interaction: ModalSubmitInteraction, parts: readonly string[], bot: BotServices): Promise<void>;
}
