import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { Deferred } from '../../src/deferred.js';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import { JobFiles } from '../../src/jobs/job-files.js';
import { JobService } from '../../src/jobs/job-service.js';
import { Journal } from '../../src/jobs/journal.js';
import { LocalWorkshop } from '../../src/jobs/local-workshop.js';
import type { WorkshopListener } from '../../src/jobs/workshop.js';
import { eventually } from '../patience.js';
import { acceptedJob } from './accepted-job.js';
import { HeldJobs, readHeldJob } from './held-jobs.js';
import { transferTask } from './some-jobs.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whitewalker-job-service-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A workshop that lets a test tell its news. */
class HeardWorkshop extends LocalWorkshop {
  listener: WorkshopListener | undefined;

  override listen(listener: WorkshopListener): void {
    this.listener = listener;
    super.listen(listener);
  }
}

/** Makes a job service with its workshop, where all jobs wait since there is no slot, and records what people are shown: the ids of their jobs, and outcomes. */
function serviceWith(journal: Journal, log = pino({ level: 'silent' })) {
  const shown: string[] = [];
  const durations = new DurationEstimate();
  const files = new JobFiles(folder);
  const workshop = new HeardWorkshop({ compute: new HeldJobs(0), read: readHeldJob, durations, checks: [], log });
  const service = new JobService({
    ...{ journal, files, durations, workshop, log, capacity: 10, keepMs: 1000 },
    loadInput: async () => {},
    courier: {
      moved: ({ id }) => shown.push(`${id} moved`),
      placesChanged: () => {},
      hush: async () => false,
      suspended: async () => {},
      announce: async () => true,
      deliver: async ({ id, outcome }) => void shown.push(`${id} ${outcome?.kind}`),
    },
  });
  return { service, workshop, shown };
}

/** A journal that lets a test say when what was written can't be lost any more. */
class SlowJournal extends Journal {
  readonly asked = new Deferred<void>();
  readonly kept = new Deferred<void>();

  override async durable(): Promise<void> {
    this.asked.resolve();
    await this.kept.promise;
  }
}

describe('a job that is cancelled', () => {
  it('in the moment in which it is put into the queue is not there, and nothing is shown of it afterwards', async () => {
    const journal = new SlowJournal(Database.open(':memory:'));
    const { service, workshop, shown } = serviceWith(journal);
    const job = acceptedJob({ task: transferTask() });
    await service.accept(job);
    service.begin(job);
    await journal.asked.promise;
    const cancelled = service.cancel(job.id, 'moderator');
    journal.kept.resolve();
    expect(await cancelled).toBe(true);
    await eventually(() => expect(journal.job(job.id)?.state).toBe('closed'));
    expect(workshop.places()).toEqual([]);
    expect(shown).toEqual([`${job.id} cancelled`]);
  });

  it('before the jobs of an earlier process are resumed is not resumed', async () => {
    const journal = new Journal(Database.open(':memory:'));
    const job = acceptedJob();
    const { id } = job;
    await journal.accept(job);
    journal.queued(id, job.task);
    const { service, workshop, shown } = serviceWith(journal);
    expect(await service.cancel(id, 'owner')).toBe(true);
    await service.resume();
    await eventually(() => expect(journal.job(id)?.state).toBe('closed'));
    expect(workshop.places()).toEqual([]);
    expect(shown).toEqual([`${id} cancelled`]);
  });
});

describe('a job service whose journal fails', () => {
  it('hears all news of its workshop all the same, and throws nothing', async () => {
    const lines: { readonly msg?: string }[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const database = Database.open(':memory:');
    const journal = new Journal(database);
    const { service, workshop } = serviceWith(journal, log);
    const { id } = acceptedJob();
    await service.accept(acceptedJob({ id }));
    // From here on, the database throws whatever it is asked.
    database.close();
    const { listener } = workshop;
    if (listener === undefined) throw new Error('The service does not listen');
    const at = { kind: 'pixels', width: 1, height: 1, found: 0 } as const;
    expect(listener.begun(id)).toBe(false);
    listener.progress(id, { epoch: 1, epochs: 2, at, loss: 1, secondsLeft: 1 });
    expect(listener.crashed(id, new Error('crashed'))).toBeGreaterThan(1);
    listener.suspended(id);
    await listener.outcome(id, { outcome: { kind: 'cancelled', by: 'owner' }, files: new Map(), isTold: false });
    // At the end it looks once more for open jobs, in vain.
    await expect(service.stop(0)).rejects.toMatchObject({ key: 'database/closed' });
    expect(lines.filter(({ msg }) => msg === 'the journal could not follow a job').length).toBeGreaterThan(3);
  });
});
