import type { RedisLink } from '../redis/redis-link.js';
import type { JobStore } from './job-store.js';
import { RedisStore } from './redis-store.js';
import { S3Store, type S3StoreOptions } from './s3-store.js';

/** Opens the store that a configuration describes: S3-compatible storage where there is one, else Redis itself. */
export function openStore({ s3 }: { readonly s3: S3StoreOptions | undefined }, link: RedisLink): JobStore {
  return s3 === undefined ? new RedisStore(link) : new S3Store(s3);
}
