import type { Discord } from '../discord/server.js';
import type { Choices } from './choices.js';
import type { Installation } from './installation.js';
import type { OrderBook } from './orders.js';

/** What faults happen to. */
export interface Stricken {
  readonly discord: Discord;
  readonly installation: Installation;
  readonly orders: OrderBook;
}

/** Which requests are meant. */
export interface Scope {
  readonly method?: string;
  readonly path: RegExp;
}

/** Something that goes wrong. */
export interface ChaosFault {
  readonly name: string;
  /** How often, among all. */
  readonly share: number;
  /**
   * Makes it happen; settles once it has, not once it is over.
   * @returns what exactly was done; undefined where there was nothing to do it to.
   */
  readonly strike: (stricken: Stricken, choices: Choices) => Promise<string | undefined> | string | undefined;
}

/** Requests of the bot and of workers that faults happen to. */
export const edits = { method: 'PATCH', path: /^\/webhooks\// } as const;
export const answers = { method: 'POST', path: /^\/interactions\// } as const;
export const fetches = { method: 'GET', path: /^\/(ephemeral-)?attachments\// } as const;
export const everything = { path: /^\/(webhooks|interactions|channels|users|applications|gateway)/ } as const;
