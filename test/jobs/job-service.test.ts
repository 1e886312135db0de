import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import { JobFiles } from '../../src/jobs/job-files.js';
import { JobService } from '../../src/jobs/job-service.js';
import { Journal } from '../../src/jobs/journal.js';
import { LocalWorkshop } from '../../src/jobs/local-workshop.js';
import type { WorkshopListener } from '../../src/jobs/workshop.js';
import { acceptedJob } from './accepted-job.js';
import { HeldJobs, readHeldJob } from './held-jobs.js';

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

describe('a job service whose journal fails', () => {
  it('hears all news of its workshop all the same, and throws nothing', async () => {
    const lines: { readonly msg?: string }[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const database = Database.open(':memory:');
    const journal = new Journal(database);
    const durations = new DurationEstimate();
    const files = new JobFiles(folder);
    const compute = new HeldJobs(1);
    const workshop = new HeardWorkshop({ compute, read: readHeldJob, durations, checks: [], log });
    const service = new JobService({
      ...{ journal, files, durations, workshop, log, capacity: 10, keepMs: 0 },
      loadInput: async () => {},
      courier: {
        moved: () => {},
        placesChanged: () => {},
        hush: async () => false,
        suspended: async () => {},
        announce: async () => true,
        deliver: async () => {},
      },
    });
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
