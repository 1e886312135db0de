import { inputsOf } from '../works/works.js';
import type { JobFiles } from './job-files.js';
import type { Journal } from './journal.js';
import type { JobWithInputs } from './workshop.js';

/** Reads a job and its pictures. @throws DamagedJobError, `job-files/missing`, or Error where there is no such job. */
export async function readJob(jobId: string, journal: Journal, files: JobFiles): Promise<JobWithInputs> {
  const job = journal.job(jobId);
  if (job === undefined) throw new Error(`Job ${jobId} is not in the journal`);
  const inputs = inputsOf(job.task).map(async (name) => [name, await files.get(jobId, name)] as const);
  return { job, inputs: new Map(await Promise.all(inputs)) };
}
