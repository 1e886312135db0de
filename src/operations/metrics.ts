import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { PoolEvent } from '../compute/pool-event.js';
import type { JobEvent } from '../jobs/job-event.js';
import type { Task } from '../works/works.js';

/** Buckets, in seconds, for jobs: from those that are answered at once to those that are computed for an hour. */
const jobSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600, 1200, 3600];
/** Buckets, in seconds, for times until an answer of or to Discord: interactions have to be answered within 3 s. */
const answerSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 15];

/**
 * Counts and measures what happens, for Prometheus. Labels have few values each, and none names a person, a server or a
 * job. Other parts of the program add their own metrics with {@link gauge}, or to {@link registry}.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #accepted = this.#counter('jobs_accepted', 'Jobs that were accepted.', ['kind']);
  readonly #withdrawn = this.#counter('jobs_withdrawn', 'Jobs taken back, since nobody could be told.', ['kind']);
  readonly #closed = this.#counter('jobs_closed', 'Jobs whose person was told the outcome.', ['kind', 'outcome']);
  readonly #failures = this.#counter('job_failures', 'Jobs that failed, by what was told.', ['kind', 'code']);
  readonly #crashes = this.#counter('computation_crashes', 'Computations that crashed.', ['kind']);
  readonly #evaluations = this.#counter('evaluations', 'Evaluations of a network, of finished jobs.', ['kind']);
  readonly #jobSeconds = this.#histogram('job_seconds', 'From acceptance to the outcome.', ['kind'], jobSeconds);
  readonly #stageSeconds = this.#histogram(
    'job_stage_seconds',
    'By stage: fetch, wait (from acceptance until computing), compute, delivery.',
    ['kind', 'stage'],
    jobSeconds,
  );
  readonly #restarts = this.#counter('compute_restarts', 'Compute processes that ended, by why.', ['reason']);
  readonly #calls = this.#counter('discord_calls', "Calls of Discord's HTTP API, by status.", ['method', 'status']);
  readonly #callSeconds = this.#histogram('discord_call_seconds', 'Until Discord answered.', ['method'], answerSeconds);
  readonly #rateLimitWaits = this.#counter('discord_rate_limit_waits', 'Calls held back by rate limits.', ['scope']);
  readonly #rateLimitSeconds = this.#counter(
    'discord_rate_limit_wait_seconds',
    'Seconds for which calls were held back.',
    ['scope'],
  );
  readonly #interactionSeconds = this.#histogram(
    'interaction_seconds',
    'Handling an interaction, to its end.',
    ['type'],
    answerSeconds,
  );
  readonly #losses = this.#counter('database_losses', 'Changes that could not be written to the database.', []);

  /** Makes the metrics of this process. @param version - the program's version. */
  constructor(version: string) {
    collectDefaultMetrics({ register: this.registry });
    this.gauge('info', 'The version that runs.', ['version'], (set) => set(1, { version }));
    // The counter exists before the first loss, so that it can be seen to rise.
    this.#losses.inc(0);
  }

  jobHappened(event: JobEvent): void {
    const { kind } = event.job.task;
    switch (event.kind) {
      case 'accepted':
        this.#accepted.inc({ kind });
        break;
      case 'withdrawn':
        this.#withdrawn.inc({ kind });
        break;
      case 'crashed':
        this.computationCrashed(kind);
        break;
      case 'computed':
        this.computed(kind, event.evaluations);
        break;
      case 'stage':
        this.#stageSeconds.observe({ kind, stage: event.stage }, event.seconds);
        break;
      case 'closed': {
        const { outcome, seconds } = event;
        this.#closed.inc({ kind, outcome: outcome.kind });
        this.#jobSeconds.observe({ kind }, seconds);
        if (outcome.kind === 'failed') this.#failures.inc({ kind, code: outcome.failure.code });
      }
    }
  }

  /** Counts the evaluations that a result took. @param kind - the task's kind. */
  computed(kind: Task['kind'], evaluations: number): void {
    this.#evaluations.inc({ kind }, evaluations);
  }

  computationCrashed(kind: Task['kind']): void {
    this.#crashes.inc({ kind });
  }

  poolHappened(event: PoolEvent): void {
    switch (event.kind) {
      case 'recycled':
      case 'killed':
        this.#restarts.inc({ reason: event.reason });
        break;
      case 'not-ready':
        this.#restarts.inc({ reason: 'not-ready' });
        break;
      case 'ended':
        if (!event.expected) this.#restarts.inc({ reason: 'crash' });
    }
  }

  /** Counts and times a call of Discord's HTTP API. @param status - the answer's status; undefined where none came. */
  discordAnswered(method: string, status: number | undefined, seconds: number): void {
    this.#calls.inc({ method, status: status === undefined ? 'none' : String(status) });
    this.#callSeconds.observe({ method }, seconds);
  }

  /** Counts a call that waits until a rate limit allows it, and how long it waits. */
  discordWaits(scope: string, seconds: number): void {
    this.#rateLimitWaits.inc({ scope });
    this.#rateLimitSeconds.inc({ scope }, seconds);
  }

  interactionHandled(type: string, seconds: number): void {
    this.#interactionSeconds.observe({ type }, seconds);
  }

  changesLost(): void {
    this.#losses.inc();
  }

  /**
   * Adds a metric whose value is looked up whenever somebody asks.
   * @param look - sets the value, with its labels; where it throws, the value is left out.
   */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    look: (set: (value: number, labels?: Readonly<Record<string, string>>) => void) => void | Promise<void>,
  ): void {
    const gauge: Gauge<string> = new Gauge({
      name: `whitewalker_${name}`,
      help,
      labelNames,
      registers: [this.registry],
      collect: async () => {
        gauge.reset();
        // A gauge without labels is 0 after a reset, which would be a lie.
        if (labelNames.length === 0) gauge.remove();
        try {
          await look((value, labels = {}) => gauge.set(labels, value));
        } catch {}
      },
    });
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter<string> {
    return new Counter({ name: `whitewalker_${name}_total`, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, labelNames: readonly string[], buckets: readonly number[]): Histogram<string> {
    return new Histogram({
      name: `whitewalker_${name}`,
      help,
      labelNames,
      buckets: [...buckets],
      registers: [this.registry],
    });
  }
}
