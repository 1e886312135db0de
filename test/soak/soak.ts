import { startDiscord } from '../../src/local-discord/server.js';
import { Choices } from '../chaos/choices.js';
import { Installation } from '../chaos/installation.js';
import { OrderBook } from '../chaos/orders.js';
import { Town } from '../chaos/town.js';
import { whilePatient } from '../patience.js';
import { openapi } from '../shared-folder.js';
import { type ProcessFigures, processFigures } from './process-figures.js';

export interface SoakOptions {
  readonly seed: number;
  /** Number of jobs that are to be accepted. */
  readonly jobs: number;
  /** Number of workers that compute, with Redis between them and the bot; 0 where the bot computes itself. */
  readonly workers: number;
  /** Number of jobs after which a compute process is replaced. */
  readonly recycle: number;
  readonly onSample: (sample: SoakSample) => void;
}

/** Everything that was measured at one moment of the run. */
export interface SoakSample {
  readonly seconds: number;
  /** Number of jobs that are over. */
  readonly jobs: number;
  /**
   * Figures of the bot, of each worker and, as `compute`, of the largest compute process; a missing process has none.
   */
  readonly processes: ReadonlyMap<string, ProcessFigures>;
  /** Number of things that keep the event loop of the bot's Node.js alive, such as sockets, timers and requests. */
  readonly resources: number;
  readonly heapBytes: number;
  /** Event-loop delay of the bot since the sample before, its 99th percentile. */
  readonly eventLoopDelayP99Ms: number;
}

export interface SoakRun {
  readonly samples: readonly SoakSample[];
  /** Number of orders that came to each fate. */
  readonly fates: ReadonlyMap<string, number>;
  /** Number of starts of the bot and of workers; one of each where nothing went wrong. */
  readonly starts: number;
  /** Number of compute processes that were started. */
  readonly computeProcesses: number;
  readonly seconds: number;
}

const ordersAtOnce = 6;
const jobsPerSample = 10;

/**
 * Has one process of the bot do many short jobs, without faults, and measures what it and the computing processes hold.
 */
export async function soak({ seed, jobs, workers, recycle, onSample }: SoakOptions): Promise<SoakRun> {
  const begin = performance.now();
  const choices = new Choices(seed);
  const discord = await startDiscord({ openapi, patience: whilePatient });
  // There are so many people that nobody comes to a daily limit.
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
      await discord.until(() => orders.open().length < ordersAtOnce, 'there is room');
      await orders.place();
      if (over() >= (samples.at(-1)?.jobs ?? 0) + jobsPerSample) await sample();
    }
    await discord.until(() => orders.open().length === 0, 'everything is done');
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
