import type {
  APIApplicationCommandOptionChoice,
  APIAuthorizingIntegrationOwnersMap,
  APIMessageInteractionMetadata,
  APIModalInteractionResponseCallbackData,
  InteractionResponseType,
  InteractionType,
} from 'discord.js';
import type { Channel } from './channel.js';
import type { Message } from './message.js';
import type { User } from './user.js';
import type { World } from './world.js';

export interface InteractionOrigin {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly user: User;
  readonly channel: Channel;
  /** The command's name, or the `custom_id` of a component or modal. */
  readonly name: string;
  /** Names of the command's group and subcommand, if it has any. */
  readonly subcommand: readonly string[];
  readonly owners: APIAuthorizingIntegrationOwnersMap;
  readonly metadata: APIMessageInteractionMetadata;
  /** The message whose component was used: now, or to open the modal that is sent now. */
  readonly source?: Message | undefined;
  readonly attachmentSizeLimit: number;
  /** When the interaction was sent, in milliseconds since 1970 by the clock of the local Discord. */
  readonly createdAt: number;
}

/** Something that a person did and that the bot is to answer, with everything that came of it. */
export class Interaction {
  readonly origin: InteractionOrigin;
  /** Follow-up messages in the order in which they came, without the reply. */
  readonly followUps: Message[] = [];
  /** Time from the interaction to the bot's acknowledgement, in milliseconds; undefined until then. */
  acknowledgedAfterMs: number | undefined;
  /** How the bot acknowledged the interaction; undefined until it has. */
  responseType: InteractionResponseType | undefined;
  /** The reply; after an update, the message that was updated. */
  message: Message | undefined;
  modal: APIModalInteractionResponseCallbackData | undefined;
  /** The bot's suggestions, after an autocompletion. */
  choices: readonly APIApplicationCommandOptionChoice[] | undefined;
  /** Fulfilled when the bot has acknowledged the interaction; rejected when it is too late for that. */
  readonly acknowledged: Promise<void>;
  /** Whether the person was told that the application did not respond. */
  hasFailed = false;
  /** Whether a callback is being processed, so that a second one at the same time comes too late. */
  isBeingAnswered = false;
  /** Number of times that the token was refused since it ran out. */
  refusals = 0;
  readonly #world: World;
  readonly #dispatchedAt = performance.now();
  readonly #tokenLifetimeMs: number;
  #isExpired = false;
  #postponedFailure: string | undefined;
  #settle: { readonly fulfil: () => void; readonly reject: (reason: Error) => void } | undefined;

  constructor(world: World, origin: InteractionOrigin, tokenLifetimeMs: number) {
    this.#world = world;
    this.origin = origin;
    this.#tokenLifetimeMs = tokenLifetimeMs;
    this.acknowledged = new Promise((fulfil, reject) => {
      this.#settle = { fulfil, reject };
    });
    // A rejection that no test waits for must not end the process.
    this.acknowledged.catch(() => undefined);
  }

  get id(): string {
    return this.origin.id;
  }

  get isAcknowledged(): boolean {
    return this.responseType !== undefined;
  }

  /** Whether the token can no longer be used for edits and follow-ups. */
  get isExpired(): boolean {
    return this.#isExpired || this.#world.clock.now() - this.origin.createdAt >= this.#tokenLifetimeMs;
  }

  /** The messages that the person sees: the reply if there is one, then the follow-ups. */
  get messages(): readonly Message[] {
    return [...(this.message ? [this.message] : []), ...this.followUps];
  }

  /**
   * Waits until `isSo` is true of this interaction, its reply and its follow-ups.
   * @throws Error that shows the last state, when it is of no use to wait any longer.
   */
  async until(isSo: (interaction: this) => unknown): Promise<this> {
    await this.#world.until(
      () => isSo(this),
      () => `Not so: ${isSo}\nThe last state of it:\n${this.describe()}`,
    );
    return this;
  }

  /** Describes the interaction's state and messages, for a person to read. */
  describe(): string {
    const state = this.hasFailed
      ? 'the application did not respond'
      : this.isAcknowledged
        ? `acknowledged with type ${this.responseType} after ${this.acknowledgedAfterMs?.toFixed(1)} ms`
        : 'not acknowledged yet';
    const messages = this.messages.map((message) => {
      const { isEphemeral, isLoading, isDeleted, attachments, buttons } = message;
      const marks = Object.entries({ isEphemeral, isLoading, isDeleted }).flatMap(([mark, is]) => (is ? [mark] : []));
      const files = attachments.map(({ name, bytes }) => `${name} (${bytes.byteLength} bytes)`);
      return `  ${message === this.message ? 'reply' : 'follow-up'} ${marks.join(' ')}: ${JSON.stringify({
        text: message.text,
        files,
        buttons: buttons.map(({ label }) => label),
        edits: message.edits.length,
      })}`;
    });
    return [`  "${this.origin.name}" of ${this.origin.user.name}: ${state}`, ...messages].join('\n');
  }

  /** Notes that the bot has acknowledged. Called by the server once a callback was accepted. */
  acknowledge(type: InteractionResponseType): void {
    this.responseType = type;
    this.acknowledgedAfterMs = performance.now() - this.#dispatchedAt;
    this.#settle?.fulfil();
    this.#world.changed();
  }

  /** Notes that the application did not respond. Called when it is too late for a callback, or when there is no bot. */
  fail(reason: string): void {
    if (this.isAcknowledged || this.hasFailed) return;
    // A callback that is being processed came in time; it counts, unless it is refused after all.
    if (this.isBeingAnswered) {
      this.#postponedFailure = reason;
      return;
    }
    this.hasFailed = true;
    this.#settle?.reject(new Error(`The application did not respond to "${this.origin.name}": ${reason}`));
    this.#world.changed();
  }

  /** Notes that a callback was refused after all: a deadline that passed meanwhile counts. Called by the server. */
  abandonAnswer(): void {
    this.isBeingAnswered = false;
    if (this.#postponedFailure !== undefined) this.fail(this.#postponedFailure);
  }

  /** Makes the interaction's token run out now. */
  expire(): void {
    this.#isExpired = true;
  }

  /** Time since the interaction was sent, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#dispatchedAt;
  }
}
