import type { Redis } from 'ioredis';
import type { JobProgress } from '../../works/progress.js';
import type { RedisLink } from './redis-link.js';

/** What workers tell the bot. `run` tells the runs of a job apart: it may have been added again since. */
export type WorkerNews =
  /** A worker has taken the job, be it after another one has died with it. */
  | { readonly kind: 'begun'; readonly jobId: string; readonly run: string }
  | { readonly kind: 'progress'; readonly jobId: string; readonly run: string; readonly progress: JobProgress }
  /** The job's outcome is about to be told: its message must not be edited any more. Wants a `quiet` for an answer. */
  | { readonly kind: 'finishing'; readonly jobId: string; readonly run: string }
  /** The worker has left the job: with an outcome, or handing it back. */
  | { readonly kind: 'ended'; readonly jobId: string; readonly run: string }
  /** Workers came or went. */
  | { readonly kind: 'workers' };

/** What the bot tells workers. */
export type BotNews =
  /** There may be something to take. */
  | { readonly kind: 'added' }
  /** Nobody wants the job any more. */
  | { readonly kind: 'dropped'; readonly jobId: string; readonly run: string }
  /** See `finishing`. */
  | { readonly kind: 'quiet'; readonly jobId: string; readonly run: string };

type News = WorkerNews | BotNews;

const kinds: ReadonlySet<unknown> = new Set<News['kind']>([
  ...(['begun', 'progress', 'finishing', 'ended', 'workers'] as const),
  ...(['added', 'dropped', 'quiet'] as const),
]);

/**
 * News between bot and workers by Redis' publish and subscribe: fast, and lost where somebody is not connected. So whatever
 * must not be missed stands in Redis as well, and is looked at again in {@link ChannelOptions.onBack}.
 */
export interface ChannelOptions<Incoming extends News> {
  readonly link: RedisLink;
  /** Which side listens here. */
  readonly side: Incoming extends WorkerNews ? 'bot' : 'worker';
  /** Must not throw. */
  readonly onNews: (news: Incoming) => void;
  /** News come again, after some may have been missed; also at the start. Must not throw. */
  readonly onBack: () => void;
}

/** How often a subscription is tried out: on a connection that is dead without saying so, nothing ever comes. */
const pingMs = 5000;

export class Channel<Incoming extends News, Outgoing extends News> {
  readonly #link: RedisLink;
  readonly #subscription: Redis;
  readonly #incoming: string;
  readonly #outgoing: string;
  readonly #pings: NodeJS.Timeout;

  constructor({ link, side, onNews, onBack }: ChannelOptions<Incoming>) {
    this.#link = link;
    this.#incoming = link.key('news', side);
    this.#outgoing = link.key('news', side === 'bot' ? 'worker' : 'bot');
    this.#subscription = link.subscriber();
    this.#subscription.on('message', (_channel, text) => {
      const news = decoded(text);
      if (news !== undefined) onNews(news as Incoming);
    });
    const subscribe = () => this.#subscription.subscribe(this.#incoming).then(onBack, () => {});
    if (this.#subscription.status === 'ready') subscribe();
    this.#subscription.on('ready', subscribe);
    this.#pings = setInterval(() => this.#subscription.ping().catch(() => {}), pingMs).unref();
  }

  /** Tells the other side, if it listens; never rejects. */
  async tell(news: Outgoing): Promise<void> {
    await this.#link.redis.publish(this.#outgoing, encoded(news)).catch(() => {});
  }

  /** Tells those on the same side; never rejects. */
  async tellPeers(news: Incoming): Promise<void> {
    await this.#link.redis.publish(this.#incoming, encoded(news)).catch(() => {});
  }

  close(): void {
    clearInterval(this.#pings);
    this.#subscription.disconnect();
  }
}

function encoded(news: News): string {
  if (news.kind !== 'progress' || news.progress.preview === undefined) return JSON.stringify(news);
  const preview = Buffer.from(news.progress.preview).toString('base64');
  return JSON.stringify({ ...news, progress: { ...news.progress, preview } });
}

/** Undefined for what this version doesn't know. */
function decoded(text: string): News | undefined {
  try {
    const news: unknown = JSON.parse(text, (key, value) =>
      key === 'preview' && typeof value === 'string' ? Buffer.from(value, 'base64') : value,
    );
    const isNews = typeof news === 'object' && news !== null && 'kind' in news && kinds.has(news.kind);
    return isNews ? (news as News) : undefined;
  } catch {
    return undefined;
  }
}
