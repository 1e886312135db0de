import type { Device } from './device.js';
import { InferenceSession, Tensor } from './onnx-runtime.js';
import { runtimeError } from './runtime-error.js';

/** The values that a session is run with, by the names of its inputs. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** What a run needs of its session. */
export interface Run {
  /** A name for the graph: the same for every run of the same graph. */
  readonly key: string;
  /** Builds the graph; called where there is no session of that key yet. */
  readonly graph: () => Uint8Array;
  readonly feeds: Feeds;
  /** Whether the memory of a run is kept for the next, see {@link Device.sessionOptions}. */
  readonly keepsMemory?: boolean;
  /** Whether the results stay on the device, as inputs of other sessions; the caller disposes of them. */
  readonly keepsResults?: boolean;
}

/** The sessions of a device, each of which is made when it is first needed, and kept. */
export class Sessions {
  readonly #device: Device;
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  constructor(device: Device) {
    this.#device = device;
  }

  /**
   * Runs a session.
   * @throws `engine/out-of-memory`, `engine/device-lost` where a GPU is gone, `engine/failed`.
   */
  async run(run: Run): Promise<Readonly<Record<string, Tensor>>> {
    try {
      const session = await this.#session(run);
      const results = await session.run(run.feeds);
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, tensorOf(value)]));
    } catch (cause) {
      throw runtimeError(cause, this.#device.memoryAdvice);
    }
  }

  /** Frees the memory of all sessions. Those that are needed again are made again. */
  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === 'fulfilled') await session.value.release();
    }
  }

  #session({ key, graph, keepsMemory = false, keepsResults = false }: Run): Promise<InferenceSession> {
    const known = this.#sessions.get(key);
    if (known) return known;
    const session = InferenceSession.create(graph(), {
      ...this.#device.sessionOptions(keepsMemory),
      ...(keepsResults ? { preferredOutputLocation: 'gpu-buffer' as const } : {}),
    });
    this.#sessions.set(key, session);
    // Where a session could not be made, the next request tries again.
    session.catch(() => this.#sessions.delete(key));
    return session;
  }
}

function tensorOf(value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  throw new Error('it returned something else than a tensor');
}
