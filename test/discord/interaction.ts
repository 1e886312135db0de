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
  readonly owners: APIAuthorizingIntegrationOwnersMap;
  readonly metadata: APIMessageInteractionMetadata;
  /** The message whose component was used, also where it opened the modal that is now sent. */
  readonly source?: Message | undefined;
  readonly attachmentSizeLimit: number;
  /** By the clock of the local Discord. */
  readonly createdAt: number;
}

/** What a person did that the bot is to answer, and all that came of it. */
export class Interaction {
  readonly origin: InteractionOrigin;
  /** Follow-ups in their order, without the reply. */
  readonly followUps: Message[] = [];
  /** From when the interaction was sent to when its answer came in; undefined until then. */
  acknowledgedAfterMs: number | undefined;
  /** How the bot acknowledged. */
  responseType: InteractionResponseType | undefined;
  /** The reply; after an update, the message that was updated. */
  message: Message | undefined;
  modal: APIModalInteractionResponseCallbackData | undefined;
  /** What the bot suggests, after an autocompletion. */
  choices: readonly APIApplicationCommandOptionChoice[] | undefined;
  /** Fulfilled when the bot has acknowledged; rejected when it is too late for that. */
  readonly acknowledged: Promise<void>;
  /** Whether the person was told that the application did not respond. */
  hasFailed = false;
  /** Whether a callback is being worked on, so that a second one at the same time comes too late. */
  isBeingAnswered = false;
  /** How often the token was refused since it ran out. */
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
    // Whoever does not wait for it shall not be brought down by it.
    this.acknowledged.catch(() => undefined);
  }

  get id(): string {
    return this.origin.id;
  }

  get isAcknowledged(): boolean {
    return this.responseType !== undefined;
  }

  /** Whether the token is of no more use for edits and follow-ups. */
  get isExpired(): boolean {
    return this.#isExpired || this.#world.clock.now() - this.origin.createdAt >= this.#tokenLifetimeMs;
  }

  /** The reply if there is one, then the follow-ups: what its person sees of it. */
  get messages(): readonly Message[] {
    return [...(this.message ? [this.message] : []), ...this.followUps];
  }

  /**
   * Waits until `isSo` is true of this interaction, its reply and its follow-ups, as they are then.
   * @throws Error that shows the last state, after `timeoutMs` (default 10 s).
   */
  async until(isSo: (interaction: this) => unknown, { timeoutMs = 10_000 } = {}): Promise<this> {
    const describe = () => `Not so within ${timeoutMs} ms: ${isSo}\nThe last state of it:\n${this.describe()}`;
    await this.#world.until(() => isSo(this), describe, timeoutMs);
    return this;
  }

  /** How things stand, for a person to read. */
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

  /** Called by the server when the callback has come in and was accepted. */
  acknowledge(type: InteractionResponseType): void {
    this.responseType = type;
    this.acknowledgedAfterMs = performance.now() - this.#dispatchedAt;
    this.#settle?.fulfil();
    this.#world.changed();
  }

  /** Called when it is too late for a callback, or when there is no bot. */
  fail(reason: string): void {
    if (this.isAcknowledged || this.hasFailed) return;
    // A callback that came in time counts, unless it turns out to be wrong.
    if (this.isBeingAnswered) {
      this.#postponedFailure = reason;
      return;
    }
    this.hasFailed = true;
    this.#settle?.reject(new Error(`The application did not respond to "${this.origin.name}": ${reason}`));
    this.#world.changed();
  }

  /** Called by the server when a callback was refused after all. */
  abandonAnswer(): void {
    this.isBeingAnswered = false;
    if (this.#postponedFailure !== undefined) this.fail(this.#postponedFailure);
  }

  /** Makes the token run out now. */
  expire(): void {
    this.#isExpired = true;
  }

  /** How long ago it was sent, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#dispatchedAt;
  }
}
