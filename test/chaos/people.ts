import type { Message } from '../../src/local-discord/message.js';
import type { ChaosFault } from './chaos-fault.js';

/** Faults that people, or the passing of time, cause to jobs that are under way. */
export const people: readonly ChaosFault[] = [
  {
    name: 'somebody cancels',
    share: 12,
    strike: async ({ orders }, choices) => {
      const order = orders.oneUnderWay(choices, ({ interaction: { message } }) => hasCancel(message));
      const message = order?.interaction.message;
      if (order === undefined || message === undefined) return undefined;
      order.deeds.push('cancelled');
      // The click has no effect where the bot is away.
      await order.person.click(message, 'Cancel');
      return `order ${order.number}`;
    },
  },
  {
    name: 'somebody deletes the message of a job',
    share: 3,
    strike: ({ discord, orders }, choices) => {
      const order = orders.oneUnderWay(choices, ({ isPrivate, deeds }) => !isPrivate && deeds.length === 0);
      const message = order?.interaction.message;
      if (order === undefined || message === undefined) return undefined;
      order.deeds.push('message deleted');
      discord.world.deleteMessage(message);
      return `order ${order.number}`;
    },
  },
  {
    name: 'the token of an interaction runs out',
    share: 4,
    strike: ({ orders }, choices) => {
      // Nobody can be reached after a private answer's token ran out; the bot counts on Discord's 15 minutes there.
      const order = orders.oneUnderWay(choices, ({ isPrivate }) => !isPrivate);
      if (order === undefined) return undefined;
      order.deeds.push('token ran out');
      order.interaction.expire();
      return `order ${order.number}`;
    },
  },
];
function hasCancel(message: Message | undefined): boolean {
  return message !== undefined && !message.isDeleted && message.buttons.some(({ label }) => label === 'Cancel');
}
