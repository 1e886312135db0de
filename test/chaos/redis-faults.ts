import { setTimeout as wait } from 'node:timers/promises';
import { type Refusal, rarerRefusals, refusals } from '../jobs/redis/refusing-redis.js';
import type { ChaosFault } from './chaos-fault.js';

/** The ways to refuse writes that last as long as they are to, and that leave the replica alone. */
const lasting: readonly Refusal[] = [...refusals, ...rarerRefusals.filter(({ code }) => code === 'BUSY')];

/** What can go wrong with Redis, where there is one. */
export const redisFaults: readonly ChaosFault[] = [
  {
    name: 'kill -9 of Redis',
    share: 5,
    strike: async ({ installation: { redis } }, choices) => {
      const awayMs = choices.whole(0, 3000);
      await redis?.master.server.kill();
      await wait(awayMs);
      await redis?.master.server.start();
      return `back after ${awayMs} ms`;
    },
  },
  {
    name: 'connections to Redis are cut',
    share: 4,
    strike: async ({ installation: { redis } }) => {
      await redis?.master.cut();
      return '';
    },
  },
  {
    name: 'Redis stands still',
    share: 3,
    strike: async ({ installation: { redis } }, choices) => {
      const pauseMs = choices.whole(200, 3000);
      await redis?.master.ask('CLIENT', 'PAUSE', String(pauseMs), 'ALL');
      return `${pauseMs} ms`;
    },
  },
  {
    name: 'Redis refuses writes',
    share: 20,
    strike: async ({ installation: { redis } }, choices) => {
      const refusal = choices.one(lasting);
      const refusesMs = choices.whole(200, 6000);
      if (redis === undefined) return undefined;
      await refusal.begin(redis.master);
      await wait(refusesMs);
      await refusal.end(redis.master);
      return `${refusal.code}, ${refusesMs} ms`;
    },
  },
  {
    name: 'Redis fails over to its replica',
    share: 8,
    strike: async ({ installation: { redis } }) => {
      await redis?.failOver();
      return '';
    },
  },
];
