import type { Device } from './device.js';
import type { BuiltGraph, Parameter } from './graph-builder.js';
import { InferenceSession, Tensor } from './onnx-runtime.js';
import { runtimeError } from './runtime-error.js';

/** The values that a session is run with, by the names of its inputs. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** What a run needs of its session. */
export interface Run {
  /** A name for the graph: the same for every run of the same graph. */
  readonly key: string;
  /** Builds the graph; called where there is no session of that key yet. */
  readonly graph: () => BuiltGraph;
  readonly feeds: Feeds;
  /** Whether the memory of a run is kept for the next, see {@link Device.sessionOptions}. */
  readonly keepsMemory?: boolean;
  /**
   * A name for graphs of which only the latest keeps a session, where the device says so: else there would be memory for each
   * that was run. Default: all do.
   */
  readonly latestOf?: string;
  /** Whether the results stay on the device, as inputs of other sessions; the caller disposes of them. */
  readonly keepsResults?: boolean;
}

/** A session, with what it is fed at each run. */
interface OpenSession {
  readonly session: InferenceSession;
  readonly parameters: Feeds;
}

/** The sessions of a device, each of which is made when it is first needed, and kept. */
export class Sessions {
  readonly #device: Device;
  readonly #sessions = new Map<string, Promise<OpenSession>>();
  /** The parameters of all sessions by name: what several need is there once. */
  readonly #parameters = new Map<string, Tensor>();
  /** The keys of the latest graphs, by {@link Run.latestOf}. */
  readonly #latest = new Map<string, string>();
  /** How many threads the sessions have. */
  #threads: number;
  #running = 0;

  constructor(device: Device) {
    this.#device = device;
    this.#threads = device.threads();
  }

  /**
   * Runs a session.
   * @throws `engine/out-of-memory`, `engine/device-lost` where a GPU is gone, `engine/failed`.
   */
  async run(run: Run): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#running === 0) await this.#followThreads();
    // Another run may have begun meanwhile.
    if (this.#running === 0) await this.#closeEarlier(run);
    this.#running++;
    try {
      const { session, parameters } = await this.#session(run);
      const results = await session.run({ ...parameters, ...run.feeds });
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, tensorOf(value)]));
    } catch (cause) {
      throw runtimeError(cause, this.#device.memoryAdvice);
    } finally {
      this.#running--;
    }
  }

  /** Frees the memory of all sessions, and their parameters. */
  async release(): Promise<void> {
    this.#parameters.clear();
    await this.close();
  }

  /** Frees the memory of all sessions. Those that are needed again are made again. */
  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const open of await Promise.allSettled(sessions)) {
      if (open.status === 'fulfilled') await open.value.session.release();
    }
  }

  /** Closes sessions that have another number of threads than they are to have, which can't be changed in one that is open. */
  async #followThreads(): Promise<void> {
    const threads = this.#device.threads();
    if (threads === this.#threads) return;
    this.#threads = threads;
    await this.close();
  }

  async #closeEarlier({ key, latestOf }: Run): Promise<void> {
    if (latestOf === undefined || !this.#device.keepsLatestOnly) return;
    const earlier = this.#latest.get(latestOf) ?? key;
    this.#latest.set(latestOf, key);
    if (earlier !== key) await this.#close(earlier);
  }

  async #close(key: string): Promise<void> {
    const open = this.#sessions.get(key);
    this.#sessions.delete(key);
    await open?.then(
      ({ session }) => session.release(),
      () => {},
    );
  }

  #session(run: Run): Promise<OpenSession> {
    const known = this.#sessions.get(run.key);
    if (known) return known;
    const session = this.#open(run);
    this.#sessions.set(run.key, session);
    // Where a session could not be made, the next request tries again.
    session.catch(() => this.#sessions.delete(run.key));
    return session;
  }

  async #open({ graph, keepsMemory = false, keepsResults = false }: Run): Promise<OpenSession> {
    const { bytes, parameters } = graph();
    const session = await InferenceSession.create(bytes, {
      ...this.#device.sessionOptions(keepsMemory),
      ...(keepsResults ? { preferredOutputLocation: 'gpu-buffer' as const } : {}),
    });
    return { session, parameters: Object.fromEntries(parameters.map((one) => [one.name, this.#parameter(one)])) };
  }

  #parameter({ name, shape, values }: Parameter): Tensor {
    const tensor = this.#parameters.get(name) ?? new Tensor('float32', values(), shape);
    this.#parameters.set(name, tensor);
    return tensor;
  }
}

function tensorOf(value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  throw new Error('it returned something else than a tensor');
}
