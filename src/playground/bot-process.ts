import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterOwnTime } from '../own-time.js';
import { programPath } from '../package-root.js';

/** What the bot is told of the Discord that it is to log in to, and where its data go. */
export interface BotPlace {
  readonly token: string;
  readonly apiUrl: string;
  readonly cdnOrigin: string;
  readonly dataFolder: string;
}

export type BotState = 'starting' | 'running' | 'ended' | 'failed';

/** Exit code of a bot whose configuration makes no sense: starting it again would help nothing. */
const badConfiguration = 2;

/** A bot that has ended this often without ever being ready is not started again. */
const mostFailures = 5;

/** Number of the latest lines of the bot's output that are kept, to be shown where it fails. */
const linesKept = 20;

/** Variables that would lead the bot elsewhere than to the playground: empty ones count as not set. */
const elsewhere = Object.fromEntries(
  ['DISCORD_GUILD_ID', 'SHARDS', 'REDIS_URL', 'S3_ENDPOINT', 'QUEUE_LENGTH', 'LOG_LEVEL'].map((name) => [name, '']),
);

/**
 * The bot as a process of its own, as `whitewalker bot` runs it, and what watches over it: where it ends without being
 * asked to, it is started again after a while, as a service manager does.
 */
export class BotProcess {
  state: BotState = 'starting';
  /** Number of times that the bot was started again. */
  restarts = 0;
  /** Origin of what the bot answers operators, while it runs. */
  operatorOrigin: string | undefined;
  readonly #place: BotPlace;
  readonly #restartAfterMs: number;
  readonly #onChange: () => void;
  readonly #lines: string[] = [];
  readonly #computePids = new Set<number>();
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  #failures = 0;
  #isStopping = false;

  /**
   * @param restartAfterMs - how long after its end the bot is started again, in milliseconds.
   * @param onChange - called whenever something that can be read here has changed.
   */
  constructor(place: BotPlace, restartAfterMs: number, onChange: () => void) {
    this.#place = place;
    this.#restartAfterMs = restartAfterMs;
    this.#onChange = onChange;
  }

  /** Ids of the compute processes that run, as the bot's log tells them. */
  get computePids(): readonly number[] {
    return [...this.#computePids];
  }

  /** The latest lines of the bot's output. */
  get lastWords(): string {
    return this.#lines.join('\n');
  }

  /** Starts the bot, and returns without waiting until it is ready. */
  async start(): Promise<void> {
    const { token, apiUrl, cdnOrigin, dataFolder } = this.#place;
    await mkdir(dataFolder, { recursive: true });
    if (this.#isStopping) return;
    this.state = 'starting';
    const guard = pathToFileURL(programPath('playground/end-with-parent')).href;
    const child = spawn(process.execPath, ['--import', guard, programPath('main'), 'bot'], {
      cwd: dataFolder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C reaches all processes of a group at once; the bot is to be told by this one alone.
      detached: true,
      env: {
        ...process.env,
        ...elsewhere,
        DISCORD_TOKEN: token,
        DISCORD_API_URL: apiUrl,
        ATTACHMENT_HOSTS: cdnOrigin,
        DATA_DIR: dataFolder,
        METRICS_HOST: '127.0.0.1',
        METRICS_PORT: '0',
      },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#read(line));
    }
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#lines.push(error.message);
        resolve();
      });
      child.once('close', (code) => {
        this.#hasEnded(code);
        resolve();
      });
    });
    this.#onChange();
  }

  /** Kills the bot with no warning, as if the power went out. Returns whether there was one to kill. */
  kill(): boolean {
    return this.#child?.kill('SIGKILL') ?? false;
  }

  /** Kills the bot's compute processes with no warning; returns how many there were. */
  killComputeProcesses(): number {
    const pids = this.computePids;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself meanwhile.
      }
    }
    return pids.length;
  }

  /** Starts a bot again that has failed too often. */
  async tryAgain(): Promise<void> {
    if (this.state !== 'failed') return;
    this.#failures = 0;
    await this.start();
  }

  /**
   * Ends the bot and starts it no more.
   * @param patienceMs - how much time of its own it may take to end before it is killed, in milliseconds.
   */
  async stop(patienceMs: number): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    child?.kill('SIGTERM');
    const stopWaiting = afterOwnTime(child?.pid, patienceMs, () => child?.kill('SIGKILL'));
    await this.#ended;
    stopWaiting();
  }

  #hasEnded(code: number | null): void {
    this.#child = undefined;
    this.#computePids.clear();
    this.operatorOrigin = undefined;
    if (this.state === 'starting') this.#failures++;
    const isHopeless = code === badConfiguration || this.#failures >= mostFailures;
    this.state = isHopeless ? 'failed' : 'ended';
    if (!this.#isStopping && !isHopeless) {
      this.#restart = setTimeout(() => {
        this.restarts++;
        void this.start();
      }, this.#restartAfterMs);
    }
    this.#onChange();
  }

  #read(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > linesKept) this.#lines.shift();
    const { msg, kind, pid, origin } = parsed(line);
    if (msg === 'compute process' && typeof pid === 'number') {
      if (kind === 'started') this.#computePids.add(pid);
      if (kind === 'ended') this.#computePids.delete(pid);
    } else if (msg === 'operators are answered' && typeof origin === 'string') {
      this.operatorOrigin = origin;
    } else if (msg === 'connected to Discord') {
      this.state = 'running';
      this.#failures = 0;
    } else {
      return;
    }
    this.#onChange();
  }
}

/** Returns a line of the log as an object; an empty one where the line is something else. */
function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
