import type { ButtonStyle, ModalSubmitInteraction } from 'discord.js';
import { z } from 'zod';
import { type Job, orderSchema, type ResultFacts } from '../../jobs/job.js';
import type { BotServices } from '../bot-services.js';
import type { ComponentInteraction } from '../command.js';
import type { Localized } from '../texts/language.js';
import type { Texts } from '../texts/texts.js';
import type { Request } from './request.js';

/** All that Discord's side of the bot knows of a kind of order. `Order` is the type of the kind's orders. */
export interface Kind<Order> {
  /** Schema that reads the plain data of an order in the journal; an order of another kind doesn't fit it. */
  readonly order: z.ZodType<Order>;
  readonly texts: Localized<KindTexts>;
  /** Returns what somebody asked for, in a few words, for lists of many jobs. */
  readonly title: (texts: Texts, order: Order) => string;
  /** Returns what is said about a result. */
  readonly result: (texts: Texts, order: Order, result: ResultFacts) => ResultWords;
  /** Returns a request for the very same once more. */
  readonly again: (from: Finished<Order>) => Request;
  /** The buttons below a result. A button that deletes the message follows them below every result. */
  readonly buttons: readonly ResultButton<Order>[];
  /** The modal that one of the kind's buttons opens. */
  readonly modal?: ResultModal<Order>;
}

/** The texts that every kind of order has; most kinds have more, for their own use. */
export interface KindTexts {
  /** Texts in the definition of the kind's slash command. */
  readonly command: { readonly description: string };
  /** Sentence about the kind in the list of `/help`; undefined where another line of the list tells of the kind. */
  readonly help?: string;
}

/** The texts that go with a result. */
export interface ResultWords {
  /** What the result is: "White Walker · strong · standard · own colours", "7 differences". */
  readonly headline: string;
  /** How the result was made: "100 epochs · 512 × 341 · 12 s". */
  readonly facts: string;
  /** What else is to be known of it, in sentences. */
  readonly notes?: readonly string[];
  /** The recipe to be given to a command again, where it says more than the headline. */
  readonly recipe?: string;
  readonly pictureAlt: string;
  /** Undefined where the result has no animation that is worth a look. */
  readonly animationAlt: string | undefined;
}

/** A finished job with its order, which has been read by the order's kind. */
export interface Finished<Order> {
  readonly job: Job;
  readonly order: Order;
}

/** A button below a result. */
export interface ResultButton<Order> {
  /** The action in the button's `custom_id`. Kinds may have buttons of the same action, each with its own meaning. */
  readonly action: string;
  readonly label: (texts: Texts) => string;
  readonly style: ButtonStyle.Primary | ButtonStyle.Secondary;
  /** Whether the button stands below the result of an order; by default it does. */
  readonly isOffered?: (order: Order) => boolean;
  /** Handles a click on the button. @throws UserError, whose text the person is shown in their language. */
  readonly execute: (interaction: ComponentInteraction, from: Finished<Order>, bot: BotServices) => Promise<void>;
}

/** What somebody entered in a modal, as a refusal keeps it until they go back to the modal. */
export interface Entered {
  /** Short values, which are kept in the `custom_id` of a button; none has a colon. */
  readonly parts: readonly string[];
  /** Text that is kept in the message, where people see it. */
  readonly text: string;
}

/** A modal about a result, and what happens when somebody sends it. */
export interface ResultModal<Order> {
  /** The action in the modal's `custom_id`; no two kinds have the same. */
  readonly action: string;
  /** Shows the modal, filled in with what the result was ordered with, or with what was entered before. */
  readonly show: (
    interaction: ComponentInteraction,
    from: Finished<Order>,
    bot: BotServices,
    before?: Entered,
  ) => Promise<void>;
  /** Returns what was entered, to be kept where the modal is refused. */
  readonly entered: (interaction: ModalSubmitInteraction, texts: Texts) => Entered;
  /** Handles the modal when it was sent. @throws UserError, whose text the person is shown in their language. */
  readonly execute: (interaction: ModalSubmitInteraction, from: Finished<Order>, bot: BotServices) => Promise<void>;
}

/** Returns the schema of a kind's orders: the fields that all orders have, and the kind's own. */
export function orderOfKind<Name extends string, Fields extends z.ZodRawShape>(kind: Name, fields: Fields) {
  const { size, epochs, spoiler, accent } = orderSchema.unwrap().shape;
  return z.object({ kind: z.literal(kind), size, epochs, spoiler, accent, ...fields });
}

/** Returns a line of text with these parts side by side. */
export function line(...parts: readonly string[]): string {
  return parts.join(' · ');
}

/** Returns how a result was made, and from the picture of which message, where it was one. */
export function factsWithOrigin({ job }: Texts, result: ResultFacts, takenFrom: string | undefined): string {
  return line(job.facts(result), ...(takenFrom === undefined ? [] : [job.takenFrom(takenFrom)]));
}
