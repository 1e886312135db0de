import { setTimeout as wait } from 'node:timers/promises';
import type { RunningBot } from '../bot/running-bot.js';

/** One life of a process. */
export interface Life {
  readonly run: RunningBot;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Exit code or signal, once it is over. */
  end: number | NodeJS.Signals | null | undefined;
  /** Whether it ended by itself, which nobody had asked for. */
  endedByItself: boolean;
}

/** How long after its end a process is started again. */
const restartAfterMs = 200;

/** How long it may take until it is ready. */
const startWithinMs = 60_000;

/** The bot's process or a worker's, started again whenever it ends, as systemd does. */
export class SupervisedProcess {
  readonly name: string;
  readonly lives: Life[] = [];
  readonly #launch: () => RunningBot;
  /** What it logs once it is ready. */
  readonly #readyLine: string;
  /** The life whose end was asked for. */
  #condemned: Life | undefined;
  #isOver = false;
  #keeping: Promise<void> | undefined;
  /** Compute processes that were stopped by SIGSTOP: they would not notice that who started them is gone. */
  readonly #frozen = new Set<number>();

  /** @param readyLine - what it logs once it is ready. */
  constructor(name: string, readyLine: string, launch: () => RunningBot) {
    this.name = name;
    this.#readyLine = readyLine;
    this.#launch = launch;
  }

  /** Starts it for the first time; settles once it is ready. */
  async start(): Promise<void> {
    this.#keeping = this.#keep();
    await this.untilUp();
  }

  /** Settles once it is ready, in whichever of its lives. */
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

  /** Whether it is there and ready. */
  get isUp(): boolean {
    return this.lives.at(-1)?.end === undefined && this.run.log.some(({ msg }) => msg === this.#readyLine);
  }

  /** Lines that it has written in all its lives. */
  get lines(): number {
    return this.lives.reduce((sum, { run }) => sum + run.log.length, 0);
  }

  /** Ends the process; it comes back by itself. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const life = this.lives.at(-1);
    if (life === undefined || life.end !== undefined) return;
    this.#condemned = life;
    this.#releaseFrozen();
    life.run.child.kill(signal);
    await life.run.ended;
  }

  /** Ends one of its compute processes, or stops it in its tracks; undefined where there is none. */
  strikeCompute(signal: 'SIGKILL' | 'SIGSTOP', choose: (pids: readonly number[]) => number): number | undefined {
    const pids = this.run.computePids;
    if (pids.length === 0) return undefined;
    const pid = choose(pids);
    if (signal === 'SIGSTOP') this.#frozen.add(pid);
    return signalTo(pid, signal) ? pid : undefined;
  }

  /** Ends it for good, in good order, or by force after that time. */
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

/** Whether there was such a process. */
function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It has ended, and the log doesn't say so yet.
    return false;
  }
}
