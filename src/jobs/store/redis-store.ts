import type { Redis } from 'ioredis';
import { transacted } from '../redis/redis-errors.js';
import type { RedisLink } from '../redis/redis-link.js';
import type { JobStore } from './job-store.js';

/** How long Redis keeps files that nobody removes. For a job that is still to be done, the bot writes them again. */
const keepMs = 24 * 3_600_000;

/** Stores the pictures of jobs in Redis itself, each job's in one hash. */
export class RedisStore implements JobStore {
  readonly #link: RedisLink;
  readonly #redis: Redis;

  constructor(link: RedisLink) {
    this.#link = link;
    this.#redis = link.bulk();
  }

  async put(jobId: string, name: string, bytes: Uint8Array): Promise<void> {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    transacted(await this.#redis.multi().hset(this.#key(jobId), name, data).pexpire(this.#key(jobId), keepMs).exec());
  }

  async get(jobId: string, name: string): Promise<Uint8Array | undefined> {
    return (await this.#redis.hgetBuffer(this.#key(jobId), name)) ?? undefined;
  }

  async remove(jobId: string): Promise<void> {
    // UNLINK frees the memory in the background.
    await this.#redis.unlink(this.#key(jobId));
  }

  #key(jobId: string): string {
    return this.#link.key('files', jobId);
  }
}
