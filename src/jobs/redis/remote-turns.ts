import type { Logger } from 'pino';
import type { Courier } from '../courier.js';
import type { Job, Outcome } from '../job.js';
import { resultFileNames } from '../kept-result.js';
import type { JobStore } from '../store/job-store.js';
import type { TurnOptions, TurnResult, Turns } from '../turns.js';
import type { TurnEvents } from './turn-events.js';
import type { TurnLedger } from './turn-ledger.js';

export interface RemoteTurnsParts {
  readonly ledger: TurnLedger;
  readonly store: JobStore;
  readonly events: TurnEvents;
  /** See {@link Courier.hush}. */
  readonly hush: (jobId: string) => Promise<boolean>;
  readonly log: Logger;
  /** How long a worker may take to tell an outcome before it is told from here. */
  readonly tellingMs?: number | undefined;
}

/** Longer than it takes until another worker goes on with what a dead one left. */
const defaultTellingMs = 90_000;

/** Turns that are done by workers: waits for what comes of them. */
export class RemoteTurns implements Turns {
  readonly #parts: RemoteTurnsParts;

  constructor(parts: RemoteTurnsParts) {
    this.#parts = parts;
  }

  run({ id }: Job, { signal, onBegun, onProgress }: TurnOptions): Promise<TurnResult> {
    const { events, log } = this.#parts;
    let firstSeen: number | undefined;
    return new Promise<TurnResult>((resolve, reject) => {
      const conclude = async () => {
        const turn = await this.#parts.ledger.look(id);
        if (turn?.outcome === undefined) return;
        firstSeen ??= performance.now();
        const { tellingMs = defaultTellingMs } = this.#parts;
        if (turn.told === undefined && performance.now() - firstSeen < tellingMs) return;
        const isTold = turn.told === true && (await this.#isIntact(id));
        const files = isTold ? new Map<string, Uint8Array>() : await this.#filesOf(id, turn.outcome);
        if (files !== undefined) {
          finish();
          resolve({ outcome: turn.outcome, files, isTold });
          return;
        }
        log.warn({ job: id }, 'the files of a result are missing in the store: it is computed again');
        await this.#parts.ledger.close(id, turn.run);
      };
      // Where Redis is away just now, the queue looks again when it is back.
      const look = () => void conclude().catch((error: unknown) => log.debug({ job: id, err: error }, 'not concluded'));
      const abort = () => {
        finish();
        reject(signal.reason);
      };
      const finish = () => {
        stop();
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
      const stop = events.listen(id, {
        begun: onBegun,
        progress: onProgress,
        ended: look,
        failed: (error) => {
          finish();
          reject(error);
        },
      });
      look();
    });
  }

  /**
   * Whether what a worker has told still stands in the job's message. One that took this bot for gone didn't ask for the
   * message: then what was shown of the job here may have come after it.
   */
  async #isIntact(id: string): Promise<boolean> {
    const { events, hush } = this.#parts;
    const wasShown = await hush(id);
    return !wasShown || events.isQuiet(id);
  }

  /** Undefined where one is missing. */
  async #filesOf(id: string, outcome: Outcome): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
    const files = new Map<string, Uint8Array>();
    if (outcome.kind !== 'result') return files;
    for (const name of resultFileNames(outcome.result)) {
      const bytes = await this.#parts.store.get(id, name);
      if (bytes === undefined) return undefined;
      files.set(name, bytes);
    }
    return files;
  }
}
