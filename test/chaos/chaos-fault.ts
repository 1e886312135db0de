import type { Discord } from '../../src/local-discord/server.js';
import type { Choices } from './choices.js';
import type { Installation } from './installation.js';
import type { OrderBook } from './orders.js';
import type { Town } from './town.js';

/** What a fault can be done to: Discord, the bot with its workers and Redis, the orders, and the server. */
export interface Stricken {
  readonly discord: Discord;
  readonly installation: Installation;
  readonly orders: OrderBook;
  readonly town: Town;
}

/** The requests that a fault happens to: those whose method and path match. */
export interface Scope {
  readonly method?: string;
  readonly path: RegExp;
}

/** A kind of thing that goes wrong. */
export interface ChaosFault {
  readonly name: string;
  /** How often this fault is chosen, in proportion to the shares of all others. */
  readonly share: number;
  /**
   * Makes the fault happen; settles once it has begun, not once it is over.
   * @returns what exactly was done; undefined where there was nothing to do it to.
   */
  readonly strike: (stricken: Stricken, choices: Choices) => Promise<string | undefined> | string | undefined;
}

/** Requests that faults happen to: edits of messages, answers to orders, fetches of pictures, and all of the bot's. */
export const edits = { method: 'PATCH', path: /^\/webhooks\// } as const;
export const answers = { method: 'POST', path: /^\/interactions\// } as const;
export const fetches = { method: 'GET', path: /^\/(ephemeral-)?attachments\// } as const;
export const everything = { path: /^\/(webhooks|interactions|channels|users|applications|gateway)/ } as const;
