import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, PlannedFault } from '../discord/faults.js';
import type { Message } from '../discord/message.js';
import type { Discord } from '../discord/server.js';
import type { Choices } from './choices.js';
import type { Installation } from './installation.js';
import type { OrderBook } from './orders.js';
import type { SupervisedProcess } from './supervised-process.js';

/** What faults happen to. */
export interface Stricken {
  readonly discord: Discord;
  readonly installation: Installation;
  readonly orders: OrderBook;
}

/** Which requests are meant. */
interface Scope {
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

/** Faults in force that wait for requests are taken back after so long: none is left over for the end. */
const longestStormMs = 8000;

/** How long a fault that aims at a moment waits for it. */
const aimMs = 5000;

const edits = { method: 'PATCH', path: /^\/webhooks\// } as const;
const answers = { method: 'POST', path: /^\/interactions\// } as const;
const everything = { path: /^\/(webhooks|interactions|channels|users|applications|gateway)/ } as const;
const cdn = { method: 'GET', path: /^\/(ephemeral-)?attachments\// } as const;

const kills: readonly ChaosFault[] = [
  { name: 'kill -9 of the bot', share: 8, strike: ({ installation }) => kill(installation.bot, 'SIGKILL') },
  { name: 'SIGTERM of the bot', share: 3, strike: ({ installation }) => kill(installation.bot, 'SIGTERM') },
  aimed('kill -9 of the bot while it answers an order', 4, answers),
  aimed('kill -9 of the bot while it edits a message', 4, edits),
  aimed('kill -9 of the bot while it fetches a picture', 2, cdn),
  {
    name: 'kill -9 of a compute process',
    share: 14,
    strike: ({ installation }, choices) => compute(installation, 'SIGKILL', choices),
  },
  {
    name: 'a compute process hangs',
    share: 1,
    strike: ({ installation }, choices) => compute(installation, 'SIGSTOP', choices),
  },
];

const gateway: readonly ChaosFault[] = [
  {
    name: 'the gateway drops the connection',
    share: 5,
    strike: ({ discord }, choices) => {
      const code = choices.one([undefined, 4000]);
      discord.gateway.drop(code);
      return code === undefined ? 'without a word' : `with close code ${code}`;
    },
  },
  {
    name: 'the gateway asks to reconnect',
    share: 3,
    strike: ({ discord }) => {
      discord.gateway.reconnect();
      return '';
    },
  },
  {
    name: 'the gateway forgets the session',
    share: 3,
    strike: ({ discord }) => {
      discord.gateway.forgetSession();
      discord.gateway.drop();
      return '';
    },
  },
];

const storms: readonly ChaosFault[] = [
  throttling('429 on edits', 7, { ...edits, isGlobal: false }, [3, 20]),
  throttling('429 for everything the bot does', 4, { ...everything, isGlobal: true }, [2, 8]),
  storm('5xx on edits', 7, edits, [3, 15], (choices) => ({ status: choices.one([500, 502, 503, 504]) })),
  storm('5xx on answers to orders', 3, answers, [1, 4], (choices) => ({ status: choices.one([500, 503]) })),
  storm('5xx on everything', 5, everything, [3, 20], (choices) => ({ status: choices.one([500, 502, 503]) })),
  storm('slow answers', 4, everything, [5, 20], (choices) => ({ delayMs: choices.whole(100, 800) })),
  storm('connections cut at once', 4, everything, [1, 6], () => 'reset'),
  storm('connections cut in an upload', 4, edits, [1, 4], (choices) => ({
    resetAfterBytes: choices.whole(100, 20_000),
  })),
  storm('edits done, and the connection cut', 5, edits, [1, 4], () => 'reset-after-processing'),
  storm('orders answered, and the connection cut', 4, answers, [1, 2], () => 'reset-after-processing'),
  storm('the CDN is slow', 5, cdn, [1, 4], (choices) => ({
    slowBody: { chunkBytes: choices.whole(50, 300), everyMs: 100 },
  })),
  storm('the CDN answers late', 3, cdn, [1, 4], (choices) => ({ delayMs: choices.whole(300, 3000) })),
  storm('the CDN fails for a moment', 4, cdn, [1, 2], () => ({ status: 503 })),
  storm('the CDN fails', 3, cdn, [4, 8], () => ({ status: 500 })),
  storm('the CDN breaks off', 3, cdn, [1, 5], (choices) => ({ endsAfterBytes: choices.whole(0, 200) })),
  storm('the CDN has lost a picture', 2, cdn, [1, 1], () => ({ status: 404 })),
];

const people: readonly ChaosFault[] = [
  {
    name: 'somebody cancels',
    share: 12,
    strike: async ({ orders }) => {
      const order = orders.oneUnderWay(({ interaction: { message } }) => hasCancel(message));
      const message = order?.interaction.message;
      if (order === undefined || message === undefined) return undefined;
      order.deeds.push('cancelled');
      // Where the bot is away, nothing comes of it.
      await order.person.click(message, 'Cancel');
      return `order ${order.number}`;
    },
  },
  {
    name: 'somebody deletes the message of a job',
    share: 3,
    strike: ({ discord, orders }) => {
      const order = orders.oneUnderWay(({ isPrivate, deeds }) => !isPrivate && deeds.length === 0);
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
    strike: ({ orders }) => {
      // In private answers nobody can be reached afterwards; the bot counts on Discord's 15 minutes.
      const order = orders.oneUnderWay(({ isPrivate }) => !isPrivate);
      if (order === undefined) return undefined;
      order.deeds.push('token ran out');
      order.interaction.expire();
      return `order ${order.number}`;
    },
  },
];

const worker: readonly ChaosFault[] = [
  {
    name: 'kill -9 of a worker',
    share: 9,
    strike: ({ installation }, choices) => kill(choices.one(installation.workers), 'SIGKILL'),
  },
  {
    name: 'SIGTERM of a worker',
    share: 4,
    strike: ({ installation }, choices) => kill(choices.one(installation.workers), 'SIGTERM'),
  },
  {
    name: 'kill -9 of all workers while a message is edited',
    share: 4,
    strike: ({ discord, installation: { workers } }, choices) =>
      atRequest(discord, edits, choices, () => Promise.all(workers.map((each) => each.end('SIGKILL')))),
  },
];

const redis: readonly ChaosFault[] = [
  {
    name: 'kill -9 of Redis',
    share: 5,
    strike: async ({ installation }, choices) => {
      const awayMs = choices.whole(0, 3000);
      await installation.redis?.kill();
      await wait(awayMs);
      await installation.redis?.start();
      return `back after ${awayMs} ms`;
    },
  },
  {
    name: 'connections to Redis are cut',
    share: 4,
    strike: async ({ installation }) => {
      await installation.askRedis('CLIENT', 'KILL', 'TYPE', 'normal');
      await installation.askRedis('CLIENT', 'KILL', 'TYPE', 'pubsub');
      return '';
    },
  },
  {
    name: 'Redis stands still',
    share: 3,
    strike: async ({ installation }, choices) => {
      const pauseMs = choices.whole(200, 3000);
      await installation.askRedis('CLIENT', 'PAUSE', String(pauseMs), 'ALL');
      return `${pauseMs} ms`;
    },
  },
];

/** All that goes wrong with what is run. */
export function faultsFor({ workers }: Installation): readonly ChaosFault[] {
  const common = [...kills, ...gateway, ...storms, ...people];
  return workers.length === 0 ? common : [...common, ...worker, ...redis];
}

async function kill(process: SupervisedProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<string | undefined> {
  if (!process.isUp) return undefined;
  await process.end(signal);
  return process.name;
}

function compute({ computing }: Installation, signal: 'SIGKILL' | 'SIGSTOP', choices: Choices): string | undefined {
  const process = choices.one(computing);
  const pid = process.isUp ? process.strikeCompute(signal, (pids) => choices.one(pids)) : undefined;
  return pid === undefined ? undefined : `process ${pid} of ${process.name}`;
}

/** A kill of the bot in the moment between a request and its answer, which it never gets to see. */
function aimed(name: string, share: number, scope: Scope): ChaosFault {
  const strike: ChaosFault['strike'] = ({ discord, installation: { bot } }, choices) =>
    bot.isUp ? atRequest(discord, scope, choices, () => bot.end('SIGKILL')) : undefined;
  return { name, share, strike };
}

/** Does something in the moment between a request and its answer, or after some time where there is no such request. */
async function atRequest(
  discord: Discord,
  scope: Scope,
  choices: Choices,
  act: () => Promise<unknown>,
): Promise<string> {
  const isDone = choices.chance(0.5);
  const planned = discord.faults.next({ ...scope, do: isDone ? 'reset-after-processing' : { delayMs: 250 } });
  await discord.until(() => planned.hits > 0, { timeoutMs: aimMs }).catch(() => {});
  planned.cancel();
  await act();
  if (planned.hits === 0) return 'at no particular moment: there was no request';
  return isDone ? 'after Discord had done it' : 'while Discord was at it';
}

function storm(
  name: string,
  share: number,
  scope: Scope,
  [least, most]: readonly [number, number],
  fault: (choices: Choices) => Fault,
): ChaosFault {
  return {
    name,
    share,
    strike: ({ discord }, choices) => {
      const times = choices.whole(least, most);
      const happens = fault(choices);
      end(discord.faults.next({ ...scope, times, do: happens }));
      return `${times} times: ${JSON.stringify(happens)}`;
    },
  };
}

function throttling(
  name: string,
  share: number,
  scope: Scope & { readonly isGlobal: boolean },
  [least, most]: readonly [number, number],
): ChaosFault {
  return {
    name,
    share,
    strike: ({ discord }, choices) => {
      const times = choices.whole(least, most);
      const retryAfterMs = choices.whole(100, 1000);
      end(discord.faults.rateLimited({ ...scope, times, retryAfterMs }));
      return `${times} times: again after ${retryAfterMs} ms`;
    },
  };
}

function end(planned: PlannedFault): void {
  setTimeout(() => planned.cancel(), longestStormMs).unref();
}

function hasCancel(message: Message | undefined): boolean {
  return message !== undefined && !message.isDeleted && message.buttons.some(({ label }) => label === 'Cancel');
}
