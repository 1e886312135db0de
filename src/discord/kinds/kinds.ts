import type { ModalSubmitInteraction } from 'discord.js';
import type { Job, Order, ResultFacts } from '../../jobs/job.js';
import type { BotServices } from '../bot-services.js';
import type { ComponentInteraction } from '../command.js';
import type { Texts } from '../texts/texts.js';
import type { Entered, Kind, ResultWords } from './kind.js';
import { lab } from './lab.js';
import { layers } from './layers.js';
import { spotDifference } from './spot-difference.js';
import { styleTransfer } from './style-transfer.js';
import { texture } from './texture.js';

/** The table of all kinds of orders. */
export const kinds = [known(styleTransfer), known(spotDifference), known(layers), known(texture), known(lab)] as const;

/** Returns an order with its kind; undefined if no kind reads it: it is damaged, or of another version of the bot. */
export function kindOf(order: Order) {
  return kinds.map(({ read }) => read(order)).find((found) => found !== undefined);
}

/** Returns what somebody asked for, in a few words, also for an order that no kind can read. */
export function titleOf(texts: Texts, order: Order): string {
  return kindOf(order)?.title(texts) ?? texts.job.title;
}

/** Returns what is said about the result of an order, also for one that no kind can read. */
export function wordsOf(texts: Texts, order: Order, result: ResultFacts): ResultWords {
  const { title, pictureAlt, animationAlt, facts } = texts.job;
  return kindOf(order)?.result(texts, result) ?? { headline: title, facts: facts(result), pictureAlt, animationAlt };
}

/** Returns a kind's entry for the table. Only its `read` deals with the kind's own orders, so entries have one type. */
function known<KindOrder>({ order: schema, texts, title, result, again, buttons, modal }: Kind<KindOrder>) {
  return {
    texts,
    actions: buttons.map(({ action }) => action),
    modalAction: modal?.action,
    /** Returns what the kind says and does about an order; undefined where the order is of another kind. */
    read(plain: Order) {
      const { data: order } = schema.safeParse(plain);
      if (order === undefined) return undefined;
      return {
        looks: buttons
          .filter(({ isOffered }) => isOffered?.(order) ?? true)
          .map(({ action, label, style }) => ({ action, label, style })),
        title: (texts: Texts) => title(texts, order),
        /** Returns a request for the very same once more. */
        again: (job: Job) => again({ job, order }),
        result: (texts: Texts, facts: ResultFacts) => result(texts, order, facts),
        /** Does what the button of an action says; undefined where the kind has no such button. */
        press: (wanted: string, interaction: ComponentInteraction, job: Job, bot: BotServices) =>
          buttons.find(({ action }) => action === wanted)?.execute(interaction, { job, order }, bot),
        /** Does what the modal of an action asks for; undefined where the kind has no such modal. */
        submit: (wanted: string, interaction: ModalSubmitInteraction, job: Job, bot: BotServices) =>
          modal?.action === wanted ? modal.execute(interaction, { job, order }, bot) : undefined,
        /** Shows the kind's modal with what was entered before; undefined where the kind has none. */
        showAgain: (interaction: ComponentInteraction, job: Job, bot: BotServices, before: Entered) =>
          modal?.show(interaction, { job, order }, bot, before),
        /** Returns what was entered in the kind's modal; undefined where the kind has none. */
        entered: (interaction: ModalSubmitInteraction, texts: Texts) => modal?.entered(interaction, texts),
      };
    },
  };
}
