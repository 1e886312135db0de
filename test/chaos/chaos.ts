import { setTimeout as wait } from 'node:timers/promises';
import { type Discord, startDiscord } from '../discord/server.js';
import type { ChaosFault, Stricken } from './chaos-fault.js';
import { Choices } from './choices.js';
import { faultsFor } from './faults.js';
import { Installation } from './installation.js';
import { OrderBook } from './orders.js';
import { Town } from './town.js';

export interface ChaosOptions {
  readonly seed: number;
  /** Jobs that are to be accepted. */
  readonly jobs: number;
  /** Workers that compute, with Redis between them and the bot; 0: the bot computes itself. */
  readonly workers: number;
  /** Told of each thing that happens, in a sentence. */
  readonly onEvent: (sentence: string) => void;
}

/** A fault that was made to happen. */
export interface Injected {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly fault: string;
  readonly details: string;
}

/** All that is left of a run, for its accounts. */
export interface ChaosRun {
  readonly discord: Discord;
  readonly installation: Installation;
  readonly orders: OrderBook;
  readonly injected: readonly Injected[];
  /** Whether, long after the last fault, the bot had not come back to the gateway. */
  readonly wasOffline: boolean;
  readonly seconds: number;
}

/** Faults for each job. */
const faultsPerJob = 1.2;

const people = 12;

/** Orders that are under way at once. */
const ordersAtOnce = 10;

/** How long nothing may come of any order, after the last fault, before what is open counts as lost. */
const patienceMs = 150_000;

/** After the last outcome, the bot is started once more and left alone for so long: nothing more may come. */
const afterMs = 4000;

/** How long each process has for its end in good order. */
const stopWithinMs = 20_000;

const environment = {
  QUALITY_DRAFT: '64px 3 epochs',
  COMPUTE_SLOTS: '2',
  THREADS: '1',
  // A hung process is found out by that; a busy machine must not look like one.
  HANG_SECONDS: '15',
  SHUTDOWN_SECONDS: '1',
  LOST_WORKER_SECONDS: '4',
  LOG_LEVEL: 'debug',
};

/**
 * Lets people order pictures of the real bot while things go wrong, then leaves it in peace until nothing more comes.
 * The seed decides what is ordered and what goes wrong, in which order and at which point of the work; what meets what is up to
 * the machine's pace.
 */
export async function causeChaos({ seed, jobs, workers, onEvent }: ChaosOptions): Promise<ChaosRun> {
  const begin = performance.now();
  const choices = new Choices(seed);
  const [forOrders, forFaults] = [choices.branch(), choices.branch()];
  const discord = await startDiscord();
  const town = await Town.found(discord, people, choices.branch());
  const installation = await Installation.start(discord, { workers, environment });
  try {
    await town.liftLimits();
    const orders = new OrderBook(town, forOrders, (job) => isGivenUp(installation, job));
    const injected: Injected[] = [];
    let isOrdering = true;
    const progress = () => (orders.accepted - orders.open().length / 2) / jobs;
    const faulting = injectFaults({ discord, installation, orders }, forFaults, {
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

/** People order, so many at once, until so many jobs were accepted, or until nothing comes of any order. */
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
    // Mostly people see that the bot is offline.
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
  /** How far the work is, from 0 to 1. */
  readonly progress: () => number;
  readonly isOver: () => boolean;
  readonly onInjected: (injected: Injected) => void;
}

/** Makes faults happen one after the other, spread over the work. */
async function injectFaults(stricken: Stricken, choices: Choices, plan: FaultPlan): Promise<void> {
  const { discord, installation } = stricken;
  const faults = faultsFor(installation);
  for (let index = 0; index < plan.count && !plan.isOver(); index++) {
    // Of its own: what is there to be struck must not change what is struck later.
    const own = choices.branch();
    const fault: ChaosFault = own.weighted(faults);
    const due = (index + own.number(0, 1)) / plan.count;
    const isDue = () => plan.isOver() || plan.progress() >= due;
    await comesTrue(discord, isDue);
    // The moment itself is told by what the bot does: so many lines of its log later.
    const lines = installation.lines + own.whole(0, 20);
    const deadline = performance.now() + 700;
    while (installation.lines < lines && performance.now() < deadline) await wait(5);
    const details = await fault.strike(stricken, own);
    if (details !== undefined) plan.onInjected({ at: Date.now(), fault: fault.name, details });
  }
}

/** Whether something comes true before patience runs out. */
function comesTrue(discord: Discord, isTrue: () => boolean): Promise<boolean> {
  return discord.until(isTrue, { timeoutMs: patienceMs }).then(
    () => true,
    () => false,
  );
}

/** Waits until every order has come to its end, or until nothing has happened for long. */
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

/** Whether it was logged that nobody can be told of a job. */
function isGivenUp(installation: Installation, job: string): boolean {
  return installation.linesAbout(job).some(({ line }) => line.msg?.startsWith('outcome could not be told: nobody'));
}
