import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { noRedis } from '../../bench/queue/local-redis.js';
import { type ChaosRun, causeChaos } from './chaos.js';
import { judge, reportOf } from './report.js';

/**
 * `npm run chaos [-- --seed 1 --jobs 200 --queue embedded|redis --workers 2 --logs FOLDER]` finds out what becomes of
 * people's orders while everything goes wrong. It writes progress to the standard error stream, the account to the
 * standard output, and into the folder what each process wrote in each of its lives. It exits with 1 where anything was
 * lost, doubled, wrong or forbidden. docs/faults.md says how it is counted.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '200' },
    queue: { type: 'string', default: 'embedded' },
    workers: { type: 'string', default: '2' },
    logs: { type: 'string' },
  },
});
const { queue } = values;
if (queue !== 'embedded' && queue !== 'redis') throw new RangeError(`--queue is embedded or redis, got ${queue}`);
const [seed, jobs, asked] = [wholeNumber('seed', 0), wholeNumber('jobs', 1), wholeNumber('workers', 1)];
const workers = queue === 'redis' ? asked : 0;
if (workers > 0 && noRedis !== undefined) throw new Error(noRedis);
// All processes that are started here end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const begin = performance.now();
const onEvent = (sentence: string) =>
  process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(1).padStart(6)} s  ${sentence}\n`);
const run = await causeChaos({ seed, jobs, workers, onEvent });
if (values.logs !== undefined) await writeLogs(run, values.logs);
const verdict = judge(run);
process.stdout.write(
  `seed ${seed}, ${jobs} jobs, ${workers} workers, ${run.seconds.toFixed(0)} s\n\n${reportOf(verdict)}`,
);
process.exitCode = verdict.offences.length > 0 ? 1 : 0;

/** Writes what each process wrote into a file for each of its lives, such as `bot 3.log`. */
async function writeLogs({ installation }: ChaosRun, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, lives } of installation.processes) {
    for (const [index, { run }] of lives.entries()) {
      await writeFile(join(folder, `${name} ${index + 1}.log`), run.output);
    }
  }
}

function wholeNumber(name: 'seed' | 'jobs' | 'workers', least: number): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new RangeError(`Expected a whole number of ${least} or more for --${name}, got ${values[name]}`);
}
