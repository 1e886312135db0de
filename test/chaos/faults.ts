import { setTimeout as wait } from 'node:timers/promises';
import type { Discord } from '../../src/local-discord/server.js';

import { answers, type ChaosFault, edits, fetches, type Scope } from './chaos-fault.js';
import type { Choices } from './choices.js';
import type { Installation } from './installation.js';
import { moderators } from './moderators.js';
import { people } from './people.js';
import { redisFaults } from './redis-faults.js';
import { storms } from './storms.js';
import type { SupervisedProcess } from './supervised-process.js';

/** How long a fault that is aimed at a request waits for that request. */
const aimMs = 5000;

const kills: readonly ChaosFault[] = [
  { name: 'kill -9 of the bot', share: 8, strike: ({ installation }) => kill(installation.bot, 'SIGKILL') },
  { name: 'SIGTERM of the bot', share: 3, strike: ({ installation }) => kill(installation.bot, 'SIGTERM') },
  aimed('kill -9 of the bot while it answers an order', 4, answers),
  aimed('kill -9 of the bot while it edits a message', 4, edits),
  aimed('kill -9 of the bot while it fetches a picture', 2, fetches),
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

/** Returns all faults that can happen to an installation: those of workers and Redis only where it has them. */
export function faultsFor({ workers }: Installation): readonly ChaosFault[] {
  const common = [...kills, ...gateway, ...storms, ...people, ...moderators];
  return workers.length === 0 ? common : [...common, ...worker, ...redisFaults];
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

/** Returns a fault that kills the bot between its request and the answer, which it never gets to see. */
function aimed(name: string, share: number, scope: Scope): ChaosFault {
  const strike: ChaosFault['strike'] = ({ discord, installation: { bot } }, choices) =>
    bot.isUp ? atRequest(discord, scope, choices, () => bot.end('SIGKILL')) : undefined;
  return { name, share, strike };
}

/** Acts between a request and its answer, or after {@link aimMs} where no request comes. Returns which it was. */
async function atRequest(
  discord: Discord,
  scope: Scope,
  choices: Choices,
  act: () => Promise<unknown>,
): Promise<string> {
  const isDone = choices.chance(0.5);
  const planned = discord.faults.next({ ...scope, do: isDone ? 'reset-after-processing' : { delayMs: 250 } });
  await Promise.race([discord.until(() => planned.hits > 0).catch(() => {}), wait(aimMs)]);
  planned.cancel();
  await act();
  if (planned.hits === 0) return 'at no particular moment: there was no request';
  return isDone ? 'after Discord had done it' : 'while Discord was at it';
}
