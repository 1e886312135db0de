import type { Redis } from 'ioredis';
import { z } from 'zod';
import { jobProgressSchema } from '../../works/progress.js';
import { understood } from './job-schema.js';
import type { RedisLink } from './redis-link.js';

/** Which run of a job news are about. A job may have been put into Redis again since, as another run. */
const ofRun = { jobId: z.string(), run: z.string() };

/** What workers tell the bot. */
export const workerNewsSchema = z.discriminatedUnion('kind', [
  /** A worker has taken the job, perhaps after another one has died with it. */
  z.object({ kind: z.literal('begun'), ...ofRun, worker: z.string() }),
  z.object({ kind: z.literal('progress'), ...ofRun, progress: jobProgressSchema }),
  /** The job's outcome is about to be told: its message must not be edited any more. Wants a `quiet` for an answer. */
  z.object({ kind: z.literal('finishing'), ...ofRun }),
  /** The worker has left the job: with an outcome, or handing it back. */
  z.object({ kind: z.literal('ended'), ...ofRun }),
  /** Workers came or went. */
  z.object({ kind: z.literal('workers') }),
]);
export type WorkerNews = Readonly<z.infer<typeof workerNewsSchema>>;

/** What the bot tells workers. */
export const botNewsSchema = z.discriminatedUnion('kind', [
  /** There may be something to take. */
  z.object({ kind: z.literal('added') }),
  /** Nobody wants the job any more. */
  z.object({ kind: z.literal('dropped'), ...ofRun }),
  /** The bot edits the job's message no more: the answer to `finishing`. */
  z.object({ kind: z.literal('quiet'), ...ofRun }),
]);
export type BotNews = Readonly<z.infer<typeof botNewsSchema>>;

type News = WorkerNews | BotNews;

export interface ChannelOptions<Incoming> {
  readonly link: RedisLink;
  /** Which side listens here. */
  readonly side: 'bot' | 'worker';
  /** What is heard here; anything else is passed over. */
  readonly schema: z.ZodType<Incoming>;
  /** Must not throw. */
  readonly onNews: (news: Incoming) => void;
  /** News come again, after some may have been missed; also at the start. Must not throw. */
  readonly onBack: () => void;
}

/** How often a subscription is tried out: on a connection that is dead without saying so, nothing ever comes. */
const pingMs = 5000;

/**
 * News between bot and workers by Redis' publish and subscribe: fast, and lost where somebody is not connected. So whatever
 * must not be missed stands in Redis as well, and is looked at again in {@link ChannelOptions.onBack}.
 */
export class Channel<Incoming extends News, Outgoing extends News> {
  readonly #link: RedisLink;
  readonly #subscription: Redis;
  readonly #here: string;
  readonly #there: string;
  readonly #pings: NodeJS.Timeout;

  constructor({ link, side, schema, onNews, onBack }: ChannelOptions<Incoming>) {
    this.#link = link;
    this.#here = link.key('news', side);
    this.#there = link.key('news', side === 'bot' ? 'worker' : 'bot');
    this.#subscription = link.subscriber();
    this.#subscription.on('message', (_channel, text) => {
      const news = understood(text, schema, withBytes);
      if (news !== undefined) onNews(news);
    });
    const subscribe = () => this.#subscription.subscribe(this.#here).then(onBack, () => {});
    if (this.#subscription.status === 'ready') void subscribe();
    this.#subscription.on('ready', subscribe);
    this.#pings = setInterval(() => this.#subscription.ping().catch(() => {}), pingMs).unref();
  }

  /** Tells the other side, if it listens; never rejects. */
  async tell(news: Outgoing): Promise<void> {
    await this.#publish(this.#there, news);
  }

  /** Tells those on the same side; never rejects. */
  async tellPeers(news: Incoming): Promise<void> {
    await this.#publish(this.#here, news);
  }

  close(): void {
    clearInterval(this.#pings);
    this.#subscription.disconnect();
  }

  async #publish(channel: string, news: News): Promise<void> {
    await this.#link.redis.publish(channel, encoded(news)).catch(() => {});
  }
}

/** News as JSON, with a preview in base64. */
function encoded(news: News): string {
  if (news.kind !== 'progress' || news.progress.preview === undefined) return JSON.stringify(news);
  const preview = Buffer.from(news.progress.preview).toString('base64');
  return JSON.stringify({ ...news, progress: { ...news.progress, preview } });
}

/** Turns a preview back into bytes, for `JSON.parse`. */
function withBytes(key: string, value: unknown): unknown {
  return key === 'preview' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
}
