import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The reason why no Redis can be started on this machine; undefined where it can. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'redis-server is not installed (apt-get install redis-server)';

/** A real redis-server as a process of its own, on a free port of the loopback, in a temporary folder. */
export class LocalRedis {
  readonly port: number;
  /** The folder that the server works in. */
  readonly folder: string;
  readonly #arguments: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, settings: readonly string[]) {
    this.port = port;
    this.folder = folder;
    this.#arguments = settings;
  }

  /**
   * Starts a redis-server, and returns it once it takes commands.
   * @param settings - `append` has each change written to the disk at once, so that data outlives {@link kill}; clients
   *   must know `password`; `more` are further arguments of redis-server.
   */
  static async start({ append = false, password = '', more = [] as readonly string[] } = {}): Promise<LocalRedis> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'whitewalker-redis-'));
    const settings = [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...(append ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []),
      ...(password === '' ? [] : ['--requirepass', password]),
      ...more,
    ];
    const redis = new LocalRedis(port, folder, settings);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts the server again after {@link kill}, with the data that it wrote to the disk. */
  async start(): Promise<void> {
    const child = spawn('redis-server', this.#arguments, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`redis-server ended:\n${lines.join('\n')}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        if (line.includes('Ready to accept connections')) resolve();
      });
    });
  }

  /** Ends the server as a power failure would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends the server for good, and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port')),
      );
    });
  });
}
