import { ApplicationIntegrationType, ComponentType, InteractionType } from 'discord.js';
import type { Channel } from './channel.js';
import { RefusedByClientError } from './client-error.js';
import type { Interaction } from './interaction.js';
import type { Message } from './message.js';
import { type AnyComponent, everyComponent } from './message-components.js';
import { checkOptions, type FieldValues, fillInModal } from './modal-fields.js';
import { PersonInPlace, type Stage } from './person-in-place.js';
import { isSelect } from './rules/component-rules.js';
import { User } from './user.js';

/** Somebody with Discord on their screen. What their client would not let them do throws a RefusedByClientError. */
export class Person extends User {
  #stage: Stage | undefined;

  /** Gives this person the parts of Discord that they act through. Called once, by the local Discord. */
  enter(stage: Stage): this {
    this.#stage = stage;
    return this;
  }

  /** Returns this person in a channel; with `userInstalled` they bring the bot along as an app of their own. */
  in(channel: Channel, { userInstalled = false }: { readonly userInstalled?: boolean } = {}): PersonInPlace {
    return new PersonInPlace(this.stage, { channel, user: this, isUserInstalled: userInstalled });
  }

  /** Returns this person in their direct messages with the bot. */
  inDirectMessages(options: { readonly userInstalled?: boolean } = {}): PersonInPlace {
    const { world } = this.stage;
    return this.in(world.conversation([this, world.bot]), options);
  }

  /** Presses a button, which is named by its custom_id or its label. */
  async click(message: Message, button: string): Promise<Interaction> {
    const component = this.#component(
      message,
      ({ type, custom_id, label }) => type === ComponentType.Button && (custom_id === button || label === button),
      `button "${button}"`,
    );
    return this.#use(message, component, {});
  }

  /** Chooses values from a menu, which is named by its custom_id. */
  async select(message: Message, customId: string, values: readonly string[]): Promise<Interaction> {
    const menu = this.#component(
      message,
      (component) => isSelect(component) && component.custom_id === customId,
      `menu "${customId}"`,
    );
    const refuse = (problem: string) => new RefusedByClientError(`The menu "${customId}" ${problem}`);
    const [least, most] = [menu.min_values ?? 1, menu.max_values ?? 1];
    if (values.length < least || values.length > most) throw refuse(`needs ${least} to ${most} of its options`);
    checkOptions(menu, values, refuse);
    return this.#use(message, menu, { values, ...this.#resolvedUsers(menu, values) });
  }

  /** Waits for the modal that answers `opener`, fills it in and sends it. */
  async submit(opener: Interaction, values: FieldValues = {}): Promise<Interaction> {
    await opener.acknowledged;
    const { modal } = opener;
    if (!modal) throw new RefusedByClientError(`The bot showed no modal:\n${opener.describe()}`);
    const { channel, source, owners } = opener.origin;
    const { components, attachments } = await fillInModal(modal, values, this.stage.world.files, channel.id);
    const hasFiles = Object.keys(attachments).length > 0;
    return this.stage.interactions.dispatch({
      channel,
      user: this,
      isUserInstalled: owners[ApplicationIntegrationType.UserInstall] !== undefined,
      type: InteractionType.ModalSubmit,
      name: modal.custom_id,
      data: { custom_id: modal.custom_id, components, ...(hasFiles && { resolved: { attachments } }) },
      source,
      triggeredBy: opener,
    });
  }

  get stage(): Stage {
    if (!this.#stage) throw new Error(`${this.name} has not entered: people are made by createUser()`);
    return this.#stage;
  }

  #component(message: Message, fits: (component: AnyComponent) => boolean, name: string): AnyComponent {
    const owner = message.origin.interaction?.user.id;
    if (message.isDeleted) throw new RefusedByClientError('The message is deleted');
    if (message.isEphemeral && owner !== this.id)
      throw new RefusedByClientError(`${this.name} cannot see that message`);
    const component = everyComponent(message.components).find(fits);
    if (!component) throw new RefusedByClientError(`There is no ${name} in the message: ${message.text}`);
    if (component.disabled) throw new RefusedByClientError(`The ${name} is disabled`);
    return component;
  }

  #use(message: Message, component: AnyComponent, data: object): Interaction {
    const { custom_id = '', type, id } = component;
    if (!custom_id) throw new RefusedByClientError('A link leads away from Discord, the bot does not hear of it');
    const byUser = message.origin.interaction?.authorizing_integration_owners?.[ApplicationIntegrationType.UserInstall];
    return this.stage.interactions.dispatch({
      channel: message.channel,
      user: this,
      isUserInstalled: byUser !== undefined,
      type: InteractionType.MessageComponent,
      name: custom_id,
      data: { custom_id, component_type: type, id, ...data },
      source: message,
    });
  }

  #resolvedUsers({ type }: AnyComponent, values: readonly string[]): object {
    if (type !== ComponentType.UserSelect) return {};
    const users = values.flatMap((id) => this.stage.world.users.get(id) ?? []);
    return { resolved: { users: Object.fromEntries(users.map((user) => [user.id, user.toApi()])) } };
  }
}
