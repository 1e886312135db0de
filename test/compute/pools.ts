import { ProcessPool, type ProcessPoolOptions } from '../../src/compute/process-pool.js';
import { PoolLog } from './pool-log.js';
import { endlessRequest } from './requests.js';

/** A pool of compute processes of one thread, and what it tells. */
export function poolWith(options: Partial<ProcessPoolOptions> = {}): { pool: ProcessPool; log: PoolLog } {
  const log = new PoolLog();
  const pool = new ProcessPool({
    slots: 1,
    engine: { threads: 1 },
    hangMs: 30_000,
    recycleTasks: 100,
    recycleBytes: Number.POSITIVE_INFINITY,
    onEvent: log.onEvent,
    ...options,
  });
  return { pool, log };
}

/** Runs an endless task, does something at its first progress, and returns what the task rejects with. */
export async function endOf(pool: ProcessPool, atFirstProgress: () => void, signal?: AbortSignal): Promise<unknown> {
  let isFirst = true;
  const onProgress = () => {
    if (isFirst) atFirstProgress();
    isFirst = false;
  };
  return pool.run(await endlessRequest(), { signal, onProgress }).then(
    () => 'a result',
    (error: unknown) => error,
  );
}
