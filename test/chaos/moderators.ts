import { setTimeout as wait } from 'node:timers/promises';
import type { Message } from '../../src/local-discord/message.js';
import { type ChaosFault, edits, type Stricken } from './chaos-fault.js';
import type { Choices } from './choices.js';
import type { Order } from './orders.js';

/** How long a moderator's change stays before it is taken back, in milliseconds. */
const changedMs = [300, 2500] as const;

/** How long a deletion that is aimed at an edit waits for one. */
const aimMs = 3000;

/** What the message of a job says in each of its states. */
const states = {
  accepted: /^Fetching/,
  waiting: /^(You are next|Number )/,
  running: /easel|Epoch /,
  paused: /Paused after epoch/,
} as const;

/** What moderators do while people's jobs are under way. */
export const moderators: readonly ChaosFault[] = [
  {
    name: 'a moderator cancels somebody’s picture',
    share: 6,
    strike: async ({ orders, town }, choices) => {
      const order = orders.oneUnderWay(choices, ({ interaction: { message }, isPrivate }) => {
        return !isPrivate && isThere(message) && message.buttons.some(({ label }) => label === 'Cancel');
      });
      const message = order?.interaction.message;
      if (order === undefined || message === undefined) return undefined;
      order.deeds.push('cancelled');
      await town.commander.click(message, 'Cancel');
      return `order ${order.number}`;
    },
  },
  ...Object.entries(states).map(([state, pattern]): ChaosFault => {
    return {
      name: `a moderator deletes the message of a job that is ${state}`,
      share: 2,
      strike: (stricken, choices) => deleted(stricken, choices, ({ text }) => pattern.test(text)),
    };
  }),
  {
    name: 'a moderator deletes the message of a job while messages are edited',
    share: 3,
    strike: async (stricken, choices) => {
      const { discord } = stricken;
      const planned = discord.faults.next({ ...edits, do: { delayMs: 250 } });
      await Promise.race([discord.until(() => planned.hits > 0).catch(() => {}), wait(aimMs)]);
      planned.cancel();
      return deleted(stricken, choices, () => true);
    },
  },
  {
    name: 'a moderator deletes several messages at once',
    share: 2,
    strike: ({ discord, orders, town }, choices) => {
      const channel = choices.one(town.channels);
      const found = orders.allUnderWay((order) => order.interaction.origin.channel === channel && isFree(order));
      const chosen = found.slice(0, 3);
      for (const { deeds } of chosen) deeds.push('message deleted');
      const messages = chosen.flatMap(({ interaction: { message } }) => message ?? []);
      if (messages.length === 0) return undefined;
      discord.world.deleteMessages(channel, messages);
      return `orders ${chosen.map(({ number }) => number).join(', ')}`;
    },
  },
  change('a moderator blocks somebody for a while', 3, ({ town }, choices) => {
    const person = choices.one(town.people);
    return [
      ['people block', { person, for: 1 }],
      ['people unblock', { person }],
    ];
  }),
  change('a moderator denies a channel for a while', 3, ({ town }, choices) => [
    ['channels deny', { channel: choices.one(town.channels) }],
    ['channels clear', {}],
  ]),
  change('a moderator allows fewer epochs for a while', 2, () => [
    ['epochs', { max: 1 }],
    ['epochs', { max: 300 }],
  ]),
  change('a moderator allows little for a while', 2, () => [
    ['limits', { active: 1, daily: 1, queue: 1 }],
    ['limits', { active: 20, daily: 1000, queue: 1000 }],
  ]),
  change('a moderator has a log kept for a while', 2, ({ town }, choices) => [
    ['log', { channel: choices.one(town.channels) }],
    ['log', {}],
  ]),
];

type SettingsChange = readonly [subcommand: string, values: Parameters<Stricken['town']['moderate']>[1]];

/** Returns a change of the server's settings that is taken back after a while, however often that must be tried. */
function change(
  name: string,
  share: number,
  changes: (stricken: Stricken, choices: Choices) => readonly [SettingsChange, SettingsChange],
): ChaosFault {
  return {
    name,
    share,
    strike: async (stricken, choices) => {
      const [[subcommand, values], [back, former]] = changes(stricken, choices);
      const { town } = stricken;
      if (!(await town.moderate(subcommand, values))) return 'without an answer';
      town.takeBackAfter(choices.number(...changedMs), back, former);
      return `/settings ${subcommand}`;
    },
  };
}

/** Deletes the message of a job that is under way and says what fits. */
function deleted({ discord, orders }: Stricken, choices: Choices, isFit: (message: Message) => boolean) {
  const order = orders.oneUnderWay(choices, (one) => {
    const { message } = one.interaction;
    return isFree(one) && message !== undefined && isFit(message);
  });
  const message = order?.interaction.message;
  if (order === undefined || message === undefined) return undefined;
  order.deeds.push('message deleted');
  discord.world.deleteMessage(message);
  return `order ${order.number}`;
}

/** Whether moderators see the message of an order to which nothing was done yet. */
function isFree({ isPrivate, deeds, interaction: { message } }: Order): boolean {
  return !isPrivate && deeds.length === 0 && isThere(message);
}

function isThere(message: Message | undefined): message is Message {
  return message !== undefined && !message.isDeleted;
}
