import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalRedis, noRedis } from '../../../bench/queue/local-redis.js';
import { RedisLink } from '../../../src/jobs/redis/redis-link.js';
import type { JobStore } from '../../../src/jobs/store/job-store.js';
import { RedisStore } from '../../../src/jobs/store/redis-store.js';
import { S3Store } from '../../../src/jobs/store/s3-store.js';
import { LocalS3 } from './local-s3.js';

const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 256);
const [job, other] = ['0123456789abcdef0123', '0123456789abcdef0124'];

function describeStore(name: string, store: () => JobStore): void {
  describe(name, () => {
    it('gives back what it was given, byte by byte, and what came last of the same name', async () => {
      await store().put(job, 'content', bytes);
      await store().put(job, 'result.png', Uint8Array.of(1, 2));
      await store().put(job, 'result.png', Uint8Array.of(0, 255, 3).subarray(1));
      expect(Buffer.from((await store().get(job, 'content')) ?? []).equals(bytes)).toBe(true);
      expect([...((await store().get(job, 'result.png')) ?? [])]).toEqual([255, 3]);
    });

    it('has nothing that it was not given', async () => {
      expect(await store().get(job, 'style')).toBeUndefined();
      expect(await store().get(other, 'content')).toBeUndefined();
    });

    it('removes all of a job, and nothing of others', async () => {
      await store().put(job, 'content', bytes);
      await store().put(other, 'content', bytes);
      await store().remove(job);
      await store().remove(job);
      expect(await store().get(job, 'content')).toBeUndefined();
      expect(await store().get(other, 'content')).toBeDefined();
    });
  });
}

describe.skipIf(noRedis)(noRedis ?? 'on a real Redis', () => {
  let redis: LocalRedis;
  let link: RedisLink;
  beforeAll(async () => {
    redis = await LocalRedis.start();
    link = new RedisLink({ url: redis.url, failsFast: true, log: pino({ level: 'silent' }) });
  });
  afterAll(async () => {
    link.close();
    await redis.stop();
  });

  describeStore('the store in Redis', () => new RedisStore(link));

  it('forgets by itself what nobody removes', async () => {
    await new RedisStore(link).put(job, 'content', bytes);
    expect(await link.redis.pttl(link.key('files', job))).toBeGreaterThan(0);
  });
});

describe('on S3', () => {
  let storage: LocalS3;
  beforeAll(async () => {
    storage = await LocalS3.start();
  });
  afterAll(() => storage.stop());

  describeStore('the store in S3-compatible storage', () => new S3Store(storage.options));

  it('tries again where the storage is busy', async () => {
    storage.faults.push(503, 500);
    await new S3Store(storage.options).put(job, 'content', bytes);
    expect(storage.objects.get(`whitewalker/${job}/content`)?.equals(bytes)).toBe(true);
  });

  it('says what the storage says where it refuses, and no secret', async () => {
    const store = new S3Store({ ...storage.options, secretAccessKey: 'wrong-secret' });
    const error = await store.put(job, 'content', bytes).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ key: 'store/refused', context: { status: 403 } });
    expect(String(error)).toContain('SignatureDoesNotMatch');
    expect(String(error)).not.toContain('wrong-secret');
  });
});
