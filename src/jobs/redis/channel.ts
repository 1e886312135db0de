import type { Redis } from 'ioredis';
import { z } from 'zod';
import { jobProgressSchema } from '../../works/progress.js';
import { understood } from './job-schema.js';
import type { RedisLink } from './redis-link.js';

/** The job and the run that news are about: meanwhile the job may have been put into Redis again, as another run. */
const ofRun = { jobId: z.string(), run: z.string() };

/** The news that workers send to the bot. */
export const workerNewsSchema = z.discriminatedUnion('kind', [
  /** A worker has taken the job, perhaps after another one has died with it. */
  z.object({ kind: z.literal('begun'), ...ofRun, worker: z.string() }),
  z.object({ kind: z.literal('progress'), ...ofRun, progress: jobProgressSchema }),
  /** The worker is about to tell the job's outcome: the bot must edit its message no more, and is to answer `quiet`. */
  z.object({ kind: z.literal('finishing'), ...ofRun }),
  /** The worker has left the job: it has come to an outcome, or is handed back. */
  z.object({ kind: z.literal('ended'), ...ofRun }),
  /** Workers came or went. */
  z.object({ kind: z.literal('workers') }),
]);
export type WorkerNews = Readonly<z.infer<typeof workerNewsSchema>>;

/** The news that the bot sends to workers. Workers send `added` to each other, too. */
export const botNewsSchema = z.discriminatedUnion('kind', [
  /** There may be a job to take. */
  z.object({ kind: z.literal('added') }),
  /** The job is to pause at the end of an epoch, and meanwhile the next job of that queue is to be taken. */
  z.object({ kind: z.literal('make-room'), ...ofRun, queue: z.string() }),
  /** Nobody wants the job any more. */
  z.object({ kind: z.literal('dropped'), ...ofRun }),
  /** The bot edits the job's message no more: the answer to `finishing`. */
  z.object({ kind: z.literal('quiet'), ...ofRun }),
]);
export type BotNews = Readonly<z.infer<typeof botNewsSchema>>;

type News = WorkerNews | BotNews;

export interface ChannelOptions<Incoming> {
  readonly link: RedisLink;
  /** The side that listens to this channel. */
  readonly side: 'bot' | 'worker';
  /** The schema of the news that are heard here; anything else is ignored. */
  readonly schema: z.ZodType<Incoming>;
  /** Called with each of the news. Must not throw. */
  readonly onNews: (news: Incoming) => void;
  /** Called when news begin to come: at the start, and each time after some may have been missed. Must not throw. */
  readonly onBack: () => void;
}

/** How often a subscription is pinged: on a dead connection that was never closed, news would silently stay away. */
const pingMs = 5000;

/**
 * Sends news between bot and workers by Redis' publish and subscribe: fast, but lost where somebody isn't connected. So
 * whatever must not be missed is in Redis as well, and looked at again in {@link ChannelOptions.onBack}.
 */
export class Channel<Incoming extends News, Outgoing extends News> {
  readonly #link: RedisLink;
  readonly #subscription: Redis;
  readonly #here: string;
  readonly #there: string;
  readonly #onBack: () => void;
  readonly #pings: NodeJS.Timeout;
  /** Whether news come; undefined while Redis is asked for them. */
  #isListening: boolean | undefined = false;

  constructor({ link, side, schema, onNews, onBack }: ChannelOptions<Incoming>) {
    this.#link = link;
    this.#here = link.key('news', side);
    this.#there = link.key('news', side === 'bot' ? 'worker' : 'bot');
    this.#subscription = link.subscriber();
    this.#subscription.on('message', (_channel, text) => {
      const news = understood(text, schema, withBytes);
      if (news !== undefined) onNews(news);
    });
    this.#onBack = onBack;
    this.#subscription.on('close', () => {
      this.#isListening = false;
    });
    const listen = () => void this.#listen();
    this.#subscription.on('ready', listen);
    // A Redis that refuses to have us listen refuses news as well, and takes both again without a new connection.
    link.onUp(listen);
    this.#pings = setInterval(() => {
      listen();
      this.#subscription.ping().catch(() => {});
    }, pingMs).unref();
    listen();
  }

  /** Sends news to the other side, if it listens. Never rejects. */
  async tell(news: Outgoing): Promise<void> {
    await this.#publish(this.#there, news);
  }

  /** Sends news to everybody on this side. Never rejects. */
  async tellPeers(news: Incoming): Promise<void> {
    await this.#publish(this.#here, news);
  }

  close(): void {
    clearInterval(this.#pings);
    this.#subscription.disconnect();
  }

  /** Asks Redis for the news, unless they come or it is asked already. Never rejects. */
  async #listen(): Promise<void> {
    if (this.#subscription.status !== 'ready' || this.#isListening !== false) return;
    this.#isListening = undefined;
    try {
      await this.#subscription.subscribe(this.#here);
      this.#isListening = true;
    } catch {
      this.#isListening = false;
      return;
    }
    this.#onBack();
  }

  async #publish(channel: string, news: News): Promise<void> {
    await this.#link.redis.publish(channel, encoded(news)).catch(() => {});
  }
}

/** Writes news as JSON, with the preview in base64. */
function encoded(news: News): string {
  if (news.kind !== 'progress' || news.progress.preview === undefined) return JSON.stringify(news);
  const preview = Buffer.from(news.progress.preview).toString('base64');
  return JSON.stringify({ ...news, progress: { ...news.progress, preview } });
}

/** Reviver for `JSON.parse` that turns a preview in base64 back into bytes. */
function withBytes(key: string, value: unknown): unknown {
  return key === 'preview' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
}
