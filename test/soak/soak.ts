import { Choices } from '../chaos/choices.js';
import { Installation } from '../chaos/installation.js';
import { OrderBook } from '../chaos/orders.js';
import { Town } from '../chaos/town.js';
import { startDiscord } from '../discord/server.js';
import { type ProcessFigures, processFigures } from './process-figures.js';

export interface SoakOptions {
  readonly seed: number;
  /** Jobs that are to be accepted. */
  readonly jobs: number;
  /** Workers that compute, with Redis between them and the bot; 0: the bot computes itself. */
  readonly workers: number;
  /** Jobs after which a compute process is replaced. */
  readonly recycle: number;
  readonly onSample: (sample: SoakSample) => void;
}

/** What was measured at one moment. */
export interface SoakSample {
  readonly seconds: number;
  /** Jobs that are over. */
  readonly jobs: number;
  /** Of the bot, of each worker, and as `compute` of the largest compute process; by their names. Missing while there is none. */
  readonly processes: ReadonlyMap<string, ProcessFigures>;
  /** Of the bot: what keeps Node's event loop alive, such as sockets, timers and requests. */
  readonly resources: number;
  readonly heapBytes: number;
  /** Since the sample before. */
  readonly eventLoopDelayP99Ms: number;
}

export interface SoakRun {
  readonly samples: readonly SoakSample[];
  /** How many orders came to what. */
  readonly fates: ReadonlyMap<string, number>;
  /** Starts of the bot and of workers; one of each, where nothing went wrong. */
  readonly starts: number;
  /** Compute processes that there were. */
  readonly computeProcesses: number;
  readonly seconds: number;
}

const ordersAtOnce = 6;
const jobsPerSample = 10;

/** How long a job may take on a busy machine. */
const patienceMs = 120_000;

/** Lets one process of the bot do many short jobs, with nothing going wrong, and measures what it and those that compute hold. */
export async function soak({ seed, jobs, workers, recycle, onSample }: SoakOptions): Promise<SoakRun> {
  const begin = performance.now();
  const choices = new Choices(seed);
  const discord = await startDiscord();
  // So many people that nobody comes to a limit a day.
  const town = await Town.found(discord, 50, choices.branch());
  const environment = {
    QUALITY_DRAFT: '64px 1 epochs',
    RECYCLE_JOBS: String(recycle),
    METRICS_PORT: '0',
    LOG_LEVEL: 'info',
  };
  const installation = await Installation.start(discord, { workers, environment });
  try {
    const { bot, processes, computing } = installation;
    await town.liftLimits();
    const orders = new OrderBook(town, choices.branch(), () => false);
    const { origin } = await bot.run.untilLogged('operators are answered');
    const samples: SoakSample[] = [];
    const over = () => orders.orders.length - orders.open().length;
    const sample = async () => {
      const metrics = await (await fetch(`${origin}/metrics`)).text();
      const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
      const figures = new Map<string, ProcessFigures>();
      for (const { name, run } of processes) {
        const own = await processFigures(run.child.pid ?? 0);
        if (own !== undefined) figures.set(name, own);
      }
      for (const pid of computing.flatMap(({ run }) => run.computePids)) {
        const own = await processFigures(pid);
        const largest = figures.get('compute')?.residentBytes ?? 0;
        if (own !== undefined && own.residentBytes > largest) figures.set('compute', own);
      }
      const measured = {
        seconds: (performance.now() - begin) / 1000,
        jobs: over(),
        processes: figures,
        resources: value('nodejs_active_resources_total'),
        heapBytes: value('nodejs_heap_size_used_bytes'),
        eventLoopDelayP99Ms: 1000 * value('nodejs_eventloop_lag_p99_seconds'),
      };
      samples.push(measured);
      onSample(measured);
    };
    while (orders.accepted < jobs) {
      await discord.until(() => orders.open().length < ordersAtOnce, { timeoutMs: patienceMs, what: 'there is room' });
      await orders.place();
      if (over() >= (samples.at(-1)?.jobs ?? 0) + jobsPerSample) await sample();
    }
    await discord.until(() => orders.open().length === 0, { timeoutMs: patienceMs, what: 'everything is done' });
    await sample();
    const fates = new Map<string, number>();
    for (const order of orders.orders) {
      const { fate } = orders.account(order);
      fates.set(fate, (fates.get(fate) ?? 0) + 1);
    }
    const lives = processes.flatMap((process) => process.lives);
    const started = lives.flatMap(({ run: { log } }) =>
      log.filter(({ msg, kind }) => msg === 'compute process' && kind === 'started'),
    );
    const seconds = (performance.now() - begin) / 1000;
    return { samples, fates, starts: lives.length, computeProcesses: started.length, seconds };
  } finally {
    await installation.stop(10_000);
    await discord.stop();
  }
}
