import { setTimeout as wait } from 'node:timers/promises';
import { REST, Routes } from 'discord.js';
import type { Logger } from 'pino';
import { isCoded } from './coded-error.js';
import { ComputeHealth } from './compute/compute-health.js';
import { createPool } from './compute-pool.js';
import { decideSlots } from './compute-slots.js';
import type { WorkerConfig } from './config.js';
import { Deferred } from './deferred.js';
import { Messenger } from './discord/delivery/messenger.js';
import { OutcomeTeller } from './discord/delivery/outcome-teller.js';
import { tokenLives } from './discord/delivery/reply-address.js';
import { startError } from './discord/start-trouble.js';
import { watchToken } from './discord/token-watch.js';
import { networkFor } from './engine/choose-network.js';
import { probeGpu } from './engine/gpu-probe.js';
import { availableNetworks } from './engine/weights/bundled.js';
import { RedisLink } from './jobs/redis/redis-link.js';
import { RedisWorker } from './jobs/redis/worker/redis-worker.js';
import type { Tell } from './jobs/redis/worker/worker-turns.js';
import { openStore } from './jobs/store/open-store.js';
import { observeDiscord } from './operations/discord-health.js';
import { Metrics } from './operations/metrics.js';
import { observedCompute } from './operations/observed-compute.js';
import { type OperatorServer, startOperatorServer } from './operations/operator-server.js';
import { observeProcess } from './operations/process-observation.js';
import { type ReadinessCheck, redisCheck } from './operations/readiness.js';
import { packageVersion } from './package-root.js';

/** How long a stopping worker may take to hand jobs back and to finish deliveries that have begun. */
const handingBackMs = 10_000;

/** A worker that runs. */
export interface RunningWorker {
  /**
   * Settles when the worker has stopped. Rejects with `worker/schema-mismatch` where the bot speaks another job schema,
   * and with `start/unknown-token` where Discord doesn't know the bot's token any more.
   */
  readonly ended: Promise<void>;
  /** Stops the worker. Running jobs may finish within the configured `shutdownMs`; the rest go on elsewhere. */
  stop(): Promise<void>;
}

/**
 * Starts a worker, which takes jobs out of Redis that this machine can do. Waits for the engine to open, and for Redis
 * while that can't be reached.
 * @throws `weights/…`, `engine/…` or a compute process's error where the engine can't be opened; `start/…` where
 *   Discord doesn't know the token; CodedError `redis/refused` where Redis doesn't let us in; `config/cannot-listen` where operators can't be answered at the port
 *   that is set.
 */
export async function startWorker(config: WorkerConfig, log: Logger): Promise<RunningWorker> {
  const gpu = await probeGpu(config.engine);
  const { network, reason } = networkFor(config.network, gpu.answers);
  const networks = availableNetworks();
  const { maxSize, lostMs, redis } = config;
  const slots = decideSlots(config, { usesGpu: gpu.answers, network });
  log.info({ engine: config.engine, gpu, network, reason, networks, slots, maxSize }, 'configuration');
  const metrics = new Metrics(packageVersion());
  const computeHealth = new ComputeHealth();
  const discord = observeDiscord(config.discordApi, metrics);
  const rest = new REST({
    ...(config.discordApi !== undefined && { api: config.discordApi }),
    makeRequest: discord.makeRequest,
  });
  const tell = await teller(rest, config.token, log);
  const lost = new Deferred<never>();
  lost.promise.catch(() => {});
  const { token } = config;
  if (token !== undefined) watchToken(rest, { token, log, onUnknown: (reason) => lost.reject(reason) });
  const pool = createPool(config, slots, network, (event) => {
    log[event.kind === 'threads' ? 'debug' : 'info'](event, 'compute process');
    computeHealth.hear(event);
    metrics.poolHappened(event);
  });
  const link = new RedisLink({ url: redis.url, failsFast: false, log });
  let isStopping = false;
  const checks: readonly ReadinessCheck[] = [
    {
      name: 'running',
      look: () => {
        if (isStopping) throw new Error('The worker is being stopped.');
      },
    },
    redisCheck(link),
    { name: 'compute', look: () => computeHealth.require() },
    discord.check,
  ];
  observeProcess(metrics, { computeHealth, checks, rest, log });
  const worker = new RedisWorker({
    link,
    store: openStore(redis, link),
    compute: observedCompute(pool, metrics),
    slots: slots.count,
    abilities: { networks, maxSize },
    engine: config.engine,
    version: packageVersion(),
    tell,
    log,
    lockMs: lostMs,
    // A lost job is noticed only at the second look, which is about `lostMs` after its lock has run out.
    stalledMs: lostMs / 2,
  });
  let operatorServer: OperatorServer | undefined;
  const close = async () => {
    await operatorServer?.close();
    await pool.close();
    link.close();
  };
  try {
    await link.untilAdmitted();
    if (config.metrics !== undefined) {
      operatorServer = await startOperatorServer({ ...config.metrics, registry: metrics.registry, checks });
      log.info({ origin: operatorServer.origin }, 'operators are answered');
    }
    // The engine is opened first, so that no job is taken that could not be computed.
    await pool.warm();
    await worker.start();
  } catch (error) {
    await close();
    throw error;
  }
  log.info({ worker: worker.id }, 'taking jobs');
  const end = async () => {
    log.info('stopping');
    isStopping = true;
    // While Redis can't be reached, no job can be handed back: other workers take them over once their locks run out.
    const patience = wait(config.shutdownMs + handingBackMs, undefined, { ref: false });
    await Promise.race([worker.stop(config.shutdownMs), patience]);
    await close();
    log.info('stopped');
  };
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= end());
  const ended = Promise.race([worker.ended, lost.promise]).catch(async (reason: unknown) => {
    if (isCoded(reason, 'start')) {
      log.fatal({ err: reason }, 'Discord lets the worker tell no more outcomes; it ends');
      await stop();
    }
    throw reason;
  });
  return { ended: ended.finally(close), stop };
}

/**
 * Makes the function that tells people the outcomes of their jobs: by their interactions' tokens, and by the bot's
 * token, if there is one, once those have run out.
 * @throws CodedError `start/…` where Discord doesn't know the bot's token.
 */
async function teller(rest: REST, token: string | undefined, log: Logger): Promise<Tell> {
  if (token !== undefined) {
    rest.setToken(token);
    await rest.get(Routes.user()).catch((error: unknown) => {
      throw startError(error);
    });
  }
  const outcomes = new OutcomeTeller(new Messenger(rest), log);
  return async (job, files, claimMention) => {
    if (token === undefined && !tokenLives(job.reply, Date.now())) return false;
    await outcomes.tell(job, files, claimMention);
    return true;
  };
}
