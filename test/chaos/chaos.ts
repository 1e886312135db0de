import { setTimeout as wait } from 'node:timers/promises';
import { type Discord, startDiscord } from '../../src/local-discord/server.js';
import { whilePatient } from '../patience.js';
import { openapi } from '../shared-folder.js';
import type { ChaosFault, Stricken } from './chaos-fault.js';
import { Choices } from './choices.js';
import { faultsFor } from './faults.js';
import { Installation } from './installation.js';
import { OrderBook } from './orders.js';
import { Town } from './town.js';

export interface ChaosOptions {
  readonly seed: number;
  /** Number of jobs that are to be accepted before ordering ends. */
  readonly jobs: number;
  /** Number of workers that compute, with Redis between them and the bot; 0 where the bot computes itself. */
  readonly workers: number;
  /** Called with a sentence about each thing that happens. */
  readonly onEvent: (sentence: string) => void;
}

/** A fault that was made to happen, and when. */
export interface Injected {
  /** When the fault happened, in milliseconds since 1970. */
  readonly at: number;
  readonly fault: string;
  readonly details: string;
}

/** Everything that a run leaves behind for its report. */
export interface ChaosRun {
  readonly discord: Discord;
  readonly installation: Installation;
  readonly orders: OrderBook;
  readonly injected: readonly Injected[];
  /** Whether the bot was still away from the gateway long after the last fault. */
  readonly wasOffline: boolean;
  readonly seconds: number;
}

/** Average number of faults for each job. */
const faultsPerJob = 1.2;

const people = 12;

/** Most orders that may be under way at once. */
const ordersAtOnce = 10;

/** How long all open orders may stand still after the last fault before they count as lost. */
const patienceMs = 150_000;

/** How long the bot is left alone after its last start, when every outcome is told: nothing more may come. */
const afterMs = 4000;

/** How long each process may take to end in good order. */
const stopWithinMs = 20_000;

const environment = {
  QUALITY_DRAFT: '64px 3 epochs',
  COMPUTE_SLOTS: '2',
  THREADS: '1',
  // A process that does not stir for so long counts as hung; a busy machine's processes must not look like hung ones.
  HANG_SECONDS: '15',
  SHUTDOWN_SECONDS: '1',
  LOST_WORKER_SECONDS: '4',
  // Jobs with two seconds left pause for others, so that pauses are met by all faults.
  LONG_JOB_SECONDS: '2',
  LOG_LEVEL: 'debug',
};

/**
 * Lets people order pictures of the real bot while things go wrong, then leaves it in peace until nothing more comes.
 * The seed decides what is ordered and what goes wrong, in which order and at which point of the work. Which fault
 * meets which order depends on the machine's pace.
 */
export async function causeChaos({ seed, jobs, workers, onEvent }: ChaosOptions): Promise<ChaosRun> {
  const begin = performance.now();
  const choices = new Choices(seed);
  const [forOrders, forFaults] = [choices.branch(), choices.branch()];
  const discord = await startDiscord({ openapi, patience: whilePatient });
  const town = await Town.found(discord, people, choices.branch());
  const installation = await Installation.start(discord, { workers, environment });
  try {
    await town.liftLimits();
    const orders = new OrderBook(town, forOrders, (job) => isGivenUp(installation, job));
    const injected: Injected[] = [];
    let isOrdering = true;
    const progress = () => (orders.accepted - orders.open().length / 2) / jobs;
    const faulting = injectFaults({ discord, installation, orders, town }, forFaults, {
      count: Math.round(faultsPerJob * jobs),
      progress,
      isOver: () => !isOrdering,
      onInjected: (each) => {
        injected.push(each);
        onEvent(`${each.fault}${each.details && ` (${each.details})`}`);
      },
    });
    const ordering = orderAll(discord, orders, jobs, forOrders.branch(), onEvent).finally(() => {
      isOrdering = false;
    });
    await Promise.all([ordering, faulting]);
    discord.faults.clear();
    await town.settle();
    onEvent('no more faults; waiting for what is open');
    await untilSettled(orders, onEvent);
    onEvent('starting everything once more, to see that nothing more comes');
    const wasOffline = !discord.gateway.isConnected;
    await Promise.all(installation.processes.map((process) => process.end('SIGKILL')));
    await Promise.all(installation.processes.map((process) => process.untilUp()));
    await wait(afterMs);
    await Promise.all(installation.processes.map((process) => process.stop(stopWithinMs)));
    return { wasOffline, discord, installation, orders, injected, seconds: (performance.now() - begin) / 1000 };
  } finally {
    await installation.stop(0);
    await discord.stop();
  }
}

/** Has people order, up to ten orders at once, until `jobs` orders were accepted or no order gets any further. */
async function orderAll(
  discord: Discord,
  orders: OrderBook,
  jobs: number,
  choices: Choices,
  onEvent: (sentence: string) => void,
): Promise<void> {
  let reported = 0;
  while (orders.accepted < jobs) {
    const isRoom = () => orders.open().length < Math.min(ordersAtOnce, jobs - orders.accepted + 1);
    if (!(await comesTrue(discord, isRoom))) {
      onEvent('nothing comes of what is open: no more is ordered');
      return;
    }
    // People mostly see that the bot is offline, and wait; one in ten orders all the same.
    if (!discord.gateway.isConnected && !choices.chance(0.1)) {
      const isBack = await comesTrue(discord, () => discord.gateway.isConnected);
      if (!isBack) {
        onEvent('the bot stays offline: no more is ordered');
        return;
      }
    }
    await orders.place();
    await wait(choices.whole(0, 120));
    if (orders.accepted >= reported + 20) {
      reported = orders.accepted;
      onEvent(`${orders.accepted} of ${jobs} accepted, ${orders.open().length} open`);
    }
  }
}

interface FaultPlan {
  readonly count: number;
  /** Share of the work that is done, from 0 to 1. */
  readonly progress: () => number;
  readonly isOver: () => boolean;
  readonly onInjected: (injected: Injected) => void;
}

/** Makes faults happen one after the other, spread over the work. */
async function injectFaults(stricken: Stricken, choices: Choices, plan: FaultPlan): Promise<void> {
  const { discord, installation } = stricken;
  const faults = faultsFor(installation);
  for (let index = 0; index < plan.count && !plan.isOver(); index++) {
    // Each fault has choices of its own: what it finds to strike must not change what is struck later.
    const own = choices.branch();
    const fault: ChaosFault = own.weighted(faults);
    const due = (index + own.number(0, 1)) / plan.count;
    const isDue = () => plan.isOver() || plan.progress() >= due;
    await comesTrue(discord, isDue);
    // The exact moment goes by the bot's work: the fault strikes up to 20 lines of the log later, or after 700 ms.
    const lines = installation.lines + own.whole(0, 20);
    const deadline = performance.now() + 700;
    while (installation.lines < lines && performance.now() < deadline) await wait(5);
    const details = await fault.strike(stricken, own);
    if (details !== undefined) plan.onInjected({ at: Date.now(), fault: fault.name, details });
  }
}

/** Returns whether a condition comes true while anything moves. */
function comesTrue(discord: Discord, isTrue: () => boolean): Promise<boolean> {
  return discord.until(isTrue).then(
    () => true,
    () => false,
  );
}

/** Waits until every order has come to its end, or until nothing has changed for {@link patienceMs}. */
async function untilSettled(orders: OrderBook, onEvent: (sentence: string) => void): Promise<void> {
  let open = orders.open();
  let changedAt = performance.now();
  while (open.length > 0 && performance.now() - changedAt < patienceMs) {
    await wait(200);
    const now = orders.open();
    if (now.length !== open.length) {
      changedAt = performance.now();
      onEvent(`${now.length} open`);
    }
    open = now;
  }
}

/** What the bot logs of a job that nobody can be told of: of its outcome, or of its having been accepted at all. */
const givenUp = ['outcome could not be told: nobody', 'job withdrawn: its person could not be told'];

/** Returns whether the bot has logged that nobody can be told of this job. */
function isGivenUp(installation: Installation, job: string): boolean {
  return installation.linesAbout(job).some(({ line }) => givenUp.some((words) => line.msg?.startsWith(words)));
}
