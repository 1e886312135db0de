import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** What a Redis says of itself, as far as it matters here; undefined where it doesn't say. */
export interface RedisSettings {
  readonly version: string | undefined;
  /** What Redis does when its memory is full: `noeviction`, or the way in which it then throws data away. */
  readonly evictionPolicy: string | undefined;
  /** Whether Redis writes each change to its disk. */
  readonly isAppending: boolean | undefined;
}

/** Reads what Redis says of itself. @throws where Redis can't be reached, or doesn't let this user ask. */
export async function readSettings(redis: Redis): Promise<RedisSettings> {
  const info = await redis.info();
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const aof = field('aof_enabled');
  return {
    version: field('redis_version'),
    evictionPolicy: field('maxmemory_policy'),
    isAppending: aof === undefined ? undefined : aof === '1',
  };
}

/** Whether Redis may throw away what it was given when its memory is full. */
export function evicts({ evictionPolicy = 'noeviction' }: RedisSettings): boolean {
  return evictionPolicy !== 'noeviction';
}

/** Whether Redis is older than 6.2, where it doesn't know all commands that are needed. */
export function isTooOld({ version }: RedisSettings): boolean {
  const [major = 0, minor = 0] = (version ?? '6.2').split('.').map(Number);
  return major < 6 || (major === 6 && minor < 2);
}

/** Warns in the log of a Redis that isn't set up as jobs need it. BullMQ would do so too, but not as JSON. */
export class SettingsWarning {
  readonly #log: Logger;
  /** What was warned of last. */
  #told = '';

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Looks at Redis' settings, and warns where there is something that wasn't warned of before. Never rejects. */
  async look(redis: Redis): Promise<void> {
    // A user that isn't let to ask is told nothing; doctor looks, too.
    const settings = await readSettings(redis).catch(() => undefined);
    if (settings === undefined) return;
    const { version, evictionPolicy } = settings;
    const warnings = [
      ...(evicts(settings)
        ? [
            `Redis may throw jobs away when its memory is full: set its maxmemory-policy to noeviction, not ${evictionPolicy}`,
          ]
        : []),
      ...(isTooOld(settings) ? [`Redis ${version} is too old: update it to 6.2 or newer`] : []),
    ];
    const all = warnings.join();
    if (all !== this.#told) for (const warning of warnings) this.#log.warn({ version, evictionPolicy }, warning);
    this.#told = all;
  }
}
