import { setTimeout as wait } from 'node:timers/promises';
import type { RunningBot } from '../bot/running-bot.js';

/** One life of a process, from a start to its end. */
export interface Life {
  readonly run: RunningBot;
  /** When the process was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Exit code or signal, once the process has ended. */
  end: number | NodeJS.Signals | null | undefined;
  /** Whether the process ended though nobody had asked it to. */
  endedByItself: boolean;
}

/** How long a process that has ended stays down before it is started again. */
const restartAfterMs = 200;

/** How long a process may take until it is ready. */
const startWithinMs = 60_000;

/** The bot's process or a worker's, started again whenever it ends, as systemd does. */
export class SupervisedProcess {
  readonly name: string;
  readonly lives: Life[] = [];
  readonly #launch: () => RunningBot;
  /** The message that the process logs once it is ready. */
  readonly #readyLine: string;
  /** The life whose end was asked for. */
  #condemned: Life | undefined;
  #isOver = false;
  #keeping: Promise<void> | undefined;
  /** Ids of compute processes stopped by SIGSTOP: they would not notice that the process that started them is gone. */
  readonly #frozen = new Set<number>();

  /** @param readyLine - the message that the process logs once it is ready. */
  constructor(name: string, readyLine: string, launch: () => RunningBot) {
    this.name = name;
    this.#readyLine = readyLine;
    this.#launch = launch;
  }

  /** Starts the process for the first time; settles once it is ready. */
  async start(): Promise<void> {
    this.#keeping = this.#keep();
    await this.untilUp();
  }

  /** Settles once the process is ready, in whichever of its lives; rejects after {@link startWithinMs}. */
  async untilUp(): Promise<void> {
    const deadline = performance.now() + startWithinMs;
    while (!this.isUp) {
      if (performance.now() > deadline)
        throw new Error(`The ${this.name} doesn't come up:\n${this.run.output.slice(-4000)}`);
      await wait(20);
    }
  }

  get run(): RunningBot {
    const life = this.lives.at(-1);
    if (life === undefined) throw new Error(`The ${this.name} was never started.`);
    return life.run;
  }

  /** Whether the process runs and is ready. */
  get isUp(): boolean {
    return this.lives.at(-1)?.end === undefined && this.run.log.some(({ msg }) => msg === this.#readyLine);
  }

  /** Number of lines that the process has logged in all its lives. */
  get lines(): number {
    return this.lives.reduce((sum, { run }) => sum + run.log.length, 0);
  }

  /** Ends the process, which is then started again. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const life = this.lives.at(-1);
    if (life === undefined || life.end !== undefined) return;
    this.#condemned = life;
    this.#releaseFrozen();
    life.run.child.kill(signal);
    await life.run.ended;
  }

  /** Sends a signal to one of the compute processes, to end or to hang it. Returns its id; undefined without one. */
  strikeCompute(signal: 'SIGKILL' | 'SIGSTOP', choose: (pids: readonly number[]) => number): number | undefined {
    const pids = this.run.computePids;
    if (pids.length === 0) return undefined;
    const pid = choose(pids);
    if (signal === 'SIGSTOP') this.#frozen.add(pid);
    return signalTo(pid, signal) ? pid : undefined;
  }

  /** Ends the process for good, in good order, or by force after `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.#isOver = true;
    const force = setTimeout(() => this.lives.at(-1)?.run.child.kill('SIGKILL'), withinMs);
    await this.end('SIGTERM');
    clearTimeout(force);
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    while (!this.#isOver) {
      const life: Life = { run: this.#launch(), startedAt: Date.now(), end: undefined, endedByItself: false };
      this.lives.push(life);
      life.end = await life.run.ended;
      life.endedByItself = this.#condemned !== life;
      this.#releaseFrozen();
      if (!this.#isOver) await wait(restartAfterMs);
    }
  }

  #releaseFrozen(): void {
    for (const pid of this.#frozen) signalTo(pid, 'SIGKILL');
    this.#frozen.clear();
  }
}

/** Sends a signal to a process. Returns whether there was such a process. */
function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // The compute process has ended, and the log doesn't say so yet.
    return false;
  }
}
