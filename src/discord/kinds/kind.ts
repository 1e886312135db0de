import type { ButtonStyle, ModalSubmitInteraction } from 'discord.js';
import { z } from 'zod';
import { type Job, orderSchema, type ResultFacts } from '../../jobs/job.js';
import type { BotServices } from '../bot-services.js';
import type { ComponentInteraction } from '../command.js';
import type { Localized } from '../texts/language.js';
import type { Texts } from '../texts/texts.js';

/** A kind of order: all that Discord's side of the bot knows of it. `Order` is an order of the kind, as its schema reads it. */
export interface Kind<Order> {
  /** Reads the plain data that the journal has. An order of another kind doesn't fit. */
  readonly order: z.ZodType<Order>;
  readonly texts: Localized<KindTexts>;
  /** What somebody asked for, in a few words, for lists of many jobs. */
  readonly title: (texts: Texts, order: Order) => string;
  readonly result: (texts: Texts, order: Order, result: ResultFacts) => ResultWords;
  /** The buttons below a result. One that deletes the message follows them below every result. */
  readonly buttons: readonly ResultButton<Order>[];
  /** The modal that one of the buttons opens. */
  readonly modal?: ResultModal<Order>;
}

/** What texts of every kind have; most have more, for their own use. */
export interface KindTexts {
  /** What stands in the definition of the kind's slash command. */
  readonly command: { readonly description: string };
  /** A sentence in the list that `/help` shows; undefined where the list has a line of its own for the kind. */
  readonly help?: string;
}

/** What is said about a result. */
export interface ResultWords {
  /** What it is: "White Walker · strong · standard · own colours", "7 differences". */
  readonly headline: string;
  /** "100 epochs · 512 × 341 · 12 s". */
  readonly facts: string;
  /** Text to be given again, where it has more than the headline says. */
  readonly recipe?: string;
  readonly pictureAlt: string;
  readonly animationAlt: string;
}

/** A finished job with its order, which has been read by the order's kind. */
export interface Finished<Order> {
  readonly job: Job;
  readonly order: Order;
}

/** A button below a result. */
export interface ResultButton<Order> {
  /** Stands in the button's `custom_id`. Kinds may have buttons of the same action, each with its own meaning. */
  readonly action: string;
  readonly label: (texts: Texts) => string;
  readonly style: ButtonStyle.Primary | ButtonStyle.Secondary;
  /** @throws UserError, which the person is told in their language. */
  readonly execute: (interaction: ComponentInteraction, from: Finished<Order>, bot: BotServices) => Promise<void>;
}

/** A modal about a result, and what happens when somebody sends it. */
export interface ResultModal<Order> {
  /** Stands in the modal's `custom_id`; no two kinds have the same. */
  readonly action: string;
  /** @throws UserError, which the person is told in their language. */
  readonly execute: (interaction: ModalSubmitInteraction, from: Finished<Order>, bot: BotServices) => Promise<void>;
}

/** The schema of a kind's order: the fields that all orders have, and its own. */
export function orderOfKind<Name extends string, Fields extends z.ZodRawShape>(kind: Name, fields: Fields) {
  const { size, epochs, spoiler } = orderSchema.unwrap().shape;
  return z.object({ kind: z.literal(kind), size, epochs, spoiler, ...fields });
}

/** Parts of a headline, side by side. */
export function line(...parts: readonly string[]): string {
  return parts.join(' · ');
}
