import type { Logger } from 'pino';
import type { JobProgress } from '../works/progress.js';
import type { Courier } from './courier.js';
import type { JobListener } from './job-event.js';
import type { Journal } from './journal.js';

export interface JobStepsParts {
  readonly journal: Journal;
  readonly courier: Courier;
  readonly log: Logger;
  readonly onEvent: JobListener;
  /** Ends a job with an error as its outcome. */
  readonly fail: (jobId: string, error: unknown) => void;
}

/** Follows a job through the workshop: writes each step into the journal, and has the job's person told. */
export class JobSteps {
  readonly #parts: JobStepsParts;

  constructor(parts: JobStepsParts) {
    this.#parts = parts;
  }

  /** Does what a workshop's news ask for. A journal that can't be read or written just now must not end the bot. */
  safely<Result>(id: string, action: () => Result): Result | undefined {
    try {
      return action();
    } catch (error) {
      this.#parts.log.error({ job: id, err: error }, 'the journal could not follow a job');
      return undefined;
    }
  }

  /** Whether a job has an outcome, or is forgotten; not where the journal can't be read just now. */
  isOver(id: string): boolean {
    const isOver = () => {
      const job = this.#parts.journal.job(id);
      return job === undefined || job.outcome !== undefined;
    };
    return this.safely(id, isOver) ?? false;
  }

  /** @returns false where nobody wants the job any more, since it has an outcome. */
  begun(id: string): boolean {
    const { journal, courier, log, onEvent, fail } = this.#parts;
    try {
      const job = journal.job(id);
      // A journal that can't be written just now still says that the job waits: it is computed all the same.
      const isWanted = this.safely(id, () => journal.running(id)) ?? true;
      if (job === undefined || job.outcome !== undefined || !isWanted) return false;
      const waitMs = Date.now() - job.acceptedAt;
      log.info({ job: id, waitMs }, 'job begun');
      if (job.state === 'queued') onEvent({ kind: 'stage', job, stage: 'wait', seconds: waitMs / 1000 });
      courier.moved(job);
      return true;
    } catch (error) {
      fail(id, error);
      return false;
    }
  }

  progressed(id: string, progress: JobProgress): void {
    this.safely(id, () => {
      const job = this.#parts.journal.job(id);
      if (job?.state === 'running') this.#parts.courier.moved(job, progress);
    });
  }

  /** @returns how often the job's computation has crashed; infinite where that can't be written down. */
  crashed(id: string, error: unknown): number {
    return this.safely(id, () => this.#countCrash(id, error)) ?? Number.POSITIVE_INFINITY;
  }

  suspended(id: string): void {
    this.safely(id, () => this.#parts.journal.waitAgain(id));
  }

  #countCrash(id: string, error: unknown): number {
    const { journal, courier, log, onEvent } = this.#parts;
    const crashes = journal.crashed(id);
    log.error({ job: id, crashes, err: error }, 'computation crashed');
    const job = journal.job(id);
    if (job !== undefined) {
      onEvent({ kind: 'crashed', job });
      courier.moved(job);
    }
    return crashes;
  }
}
