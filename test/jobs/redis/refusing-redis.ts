import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { LocalRedis } from '../../../bench/queue/local-redis.js';
import { until } from '../../patience.js';

/** A way in which a real Redis refuses writes for a while. */
export interface Refusal {
  /** The code that Redis refuses them with. */
  readonly code: string;
  /** Why it does, in words. */
  readonly what: string;
  begin(redis: RefusingRedis): Promise<unknown>;
  end(redis: RefusingRedis): Promise<unknown>;
}

/** Arguments with which a redis-server can be made to refuse in all ways. */
const refusable = ['--enable-debug-command', 'yes', '--loading-process-events-interval-bytes', '1024'] as const;

/** A port at which nothing listens. */
const nowhere = ['127.0.0.1', '1'] as const;

/** The ways in which any redis-server can be made to refuse writes, and not to any more. */
export const refusals: readonly Refusal[] = [
  {
    code: 'OOM',
    what: 'its memory is full',
    begin: (redis) => redis.set('maxmemory', '1'),
    end: (redis) => redis.set('maxmemory', '0'),
  },
  {
    code: 'READONLY',
    what: 'it has become a replica',
    begin: (redis) => redis.ask('REPLICAOF', ...nowhere),
    end: (redis) => redis.ask('REPLICAOF', 'NO', 'ONE'),
  },
  {
    code: 'MASTERDOWN',
    what: 'it is a replica that has lost its master',
    async begin(redis) {
      await redis.set('replica-serve-stale-data', 'no', 'replica-read-only', 'no');
      await redis.ask('REPLICAOF', ...nowhere);
    },
    async end(redis) {
      await redis.ask('REPLICAOF', 'NO', 'ONE');
      await redis.set('replica-serve-stale-data', 'yes', 'replica-read-only', 'yes');
    },
  },
  {
    code: 'MISCONF',
    what: 'it can’t save',
    async begin(redis) {
      // A folder with something in it is in the way of the file.
      await rm(join(redis.server.folder, 'dump.rdb'), { recursive: true, force: true });
      await mkdir(join(redis.server.folder, 'dump.rdb', 'in-the-way'), { recursive: true });
      await redis.set('save', '3600 1');
      await redis.ask('BGSAVE');
      await until(async () => /rdb_last_bgsave_status:err/.test(String(await redis.ask('INFO', 'persistence'))));
    },
    async end(redis) {
      await redis.set('save', '');
      await rm(join(redis.server.folder, 'dump.rdb'), { recursive: true });
    },
  },
  {
    code: 'NOREPLICAS',
    what: 'too few replicas are there',
    begin: (redis) => redis.set('min-replicas-to-write', '3'),
    end: (redis) => redis.set('min-replicas-to-write', '0'),
  },
  {
    code: 'NOAUTH',
    what: 'it asks for a password all of a sudden',
    async begin(redis) {
      await redis.set('requirepass', 'secret');
      await redis.cut();
    },
    end: (redis) => redis.set('requirepass', ''),
  },
  {
    code: 'NOPERM',
    what: 'its users may not write any more',
    begin: (redis) => redis.ask('ACL', 'SETUSER', 'default', '-@write'),
    end: (redis) => redis.ask('ACL', 'SETUSER', 'default', '+@all'),
  },
  {
    code: 'NOPERM',
    what: 'its users may neither send news nor hear them any more',
    async begin(redis) {
      await redis.ask('ACL', 'LOG', 'RESET');
      // This also cuts the connections of those who listen.
      await redis.ask('ACL', 'SETUSER', 'default', 'resetchannels');
      await until(async () => JSON.stringify(await redis.ask('ACL', 'LOG')).includes('cmd=subscribe'));
    },
    end: (redis) => redis.ask('ACL', 'SETUSER', 'default', 'allchannels'),
  },
];

/** The ways for which a redis-server has to be started in a special way, or that stop it from doing anything. */
export const rarerRefusals: readonly Refusal[] = [
  {
    code: 'BUSY',
    what: 'a script runs for ever',
    async begin(redis) {
      await redis.set('busy-reply-threshold', '20');
      const script = redis.another();
      script.eval('while true do end', 0).catch(() => script.disconnect());
    },
    end: (redis) => redis.ask('SCRIPT', 'KILL'),
  },
  {
    code: 'LOADING',
    what: 'it loads its data',
    async begin(redis) {
      const keys = Array.from({ length: 2000 }, (_, index) => [`key-${index}`, 'value']).flat();
      await redis.ask('MSET', ...keys);
      // In microseconds for each key.
      await redis.set('key-load-delay', '1000');
      const reload = redis.another();
      void reload.call('DEBUG', 'RELOAD').finally(() => reload.disconnect());
    },
    end: (redis) => redis.untilLoaded(),
  },
];

export interface RefusingRedisOptions {
  /** Whether each change is written to the disk at once. */
  readonly append?: boolean;
  /** Further arguments of redis-server. */
  readonly more?: readonly string[];
}

/** A real redis-server that can be made to refuse writes for a while. */
export class RefusingRedis {
  readonly server: LocalRedis;
  readonly #admin: Redis;

  private constructor(server: LocalRedis) {
    this.server = server;
    this.#admin = new Redis(server.url);
    this.#admin.on('error', () => {});
  }

  static async start({ append = false, more = [] }: RefusingRedisOptions = {}): Promise<RefusingRedis> {
    return new RefusingRedis(await LocalRedis.start({ append, more: [...refusable, ...more] }));
  }

  /** Sends a command as its operator would, on a connection that stays open. */
  ask(command: string, ...values: readonly string[]): Promise<unknown> {
    return this.#admin.call(command, ...values);
  }

  /** Changes settings: names and values in turn. */
  set(...settings: readonly string[]): Promise<unknown> {
    return this.ask('CONFIG', 'SET', ...settings);
  }

  /** Cuts all connections but the operator's. */
  async cut(): Promise<void> {
    await this.ask('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await this.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
  }

  async untilLoaded(): Promise<void> {
    await until(async () => /^loading:0/m.test(String(await this.ask('INFO', 'persistence'))));
  }

  /** Opens one more connection. */
  another(): Redis {
    const redis = this.#admin.duplicate();
    redis.on('error', () => {});
    return redis;
  }

  async stop(): Promise<void> {
    this.#admin.disconnect();
    await this.server.stop();
  }
}
