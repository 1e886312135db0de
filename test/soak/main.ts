import { parseArgs } from 'node:util';
import { growthOf } from './growth.js';
import { type SoakSample, soak } from './soak.js';

/**
 * `npm run soak [-- --jobs 2000 --workers 0 --recycle 50 --seed 1]` finds out whether the bot, workers and compute
 * processes hold more and more. It writes a table over time and the verdict to the standard output. It exits with 1
 * where memory has grown by 5 % or more after warming up, where more files or resources are open than before, or where
 * a job came to nothing. It needs Linux.
 */
const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '0' },
    recycle: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});
const [jobs, workers, recycle, seed] = (['jobs', 'workers', 'recycle', 'seed'] as const).map((name) => {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`Expected a whole number for --${name}`);
  return number;
}) as [number, number, number, number];
// All processes that are started here end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

/** Limits of growth after warming up: memory by this share, open files and resources by this number. */
const mostGrowth = 0.05;
const mostMoreOpen = 3;

/** Number of jobs between two lines of the table. */
const jobsPerLine = Math.max(1, Math.round(jobs / 20));
let nextLine = 0;

const say = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(1);

say(
  '| jobs | s | MB (open files) | heap of the bot, MB | resources of the bot | event-loop delay of the bot, p99, ms |',
);
say('|---|---|---|---|---|---|');
const onSample = (sample: SoakSample) => {
  if (sample.jobs < nextLine) return;
  nextLine = sample.jobs + jobsPerLine;
  const held = [...sample.processes].map(
    ([name, { residentBytes, openFiles }]) => `${name} ${megabytes(residentBytes)} (${openFiles})`,
  );
  const { seconds, heapBytes, resources, eventLoopDelayP99Ms } = sample;
  const cells = [sample.jobs, seconds.toFixed(0), held.join(', '), megabytes(heapBytes), resources];
  say(`| ${cells.join(' | ')} | ${eventLoopDelayP99Ms.toFixed(0)} |`);
};
const run = await soak({ jobs, workers, recycle, seed, onSample });

const complaints: string[] = [];
say('\n| what | after warming up | in the end | growth |\n|---|---|---|---|');

/** Writes a line about how a figure has changed, and complains where it has grown too much. */
function compare(
  what: string,
  of: (sample: SoakSample) => number | undefined,
  show: (value: number) => string,
  isTooMuch: (early: number, late: number) => boolean,
): void {
  const growth = growthOf(run.samples.map(of).filter((value) => value !== undefined));
  if (growth === undefined) {
    complaints.push(`too few measurements of ${what}: let it do more jobs`);
    return;
  }
  const { early, late, share } = growth;
  say(`| ${what} | ${show(early)} | ${show(late)} | ${(100 * share).toFixed(1)} % |`);
  if (isTooMuch(early, late)) complaints.push(`${what}: more than in the beginning`);
}

const whole = (value: number) => value.toFixed(0);
const isMoreOpen = (early: number, late: number) => late > early + mostMoreOpen;
for (const name of new Set(run.samples.flatMap(({ processes }) => [...processes.keys()]))) {
  const memory = ({ processes }: SoakSample) => processes.get(name)?.residentBytes;
  compare(`${name}, MB`, memory, megabytes, (early, late) => late >= early * (1 + mostGrowth));
  compare(`${name}, open files`, ({ processes }) => processes.get(name)?.openFiles, whole, isMoreOpen);
}
compare('bot, resources', ({ resources }) => resources, whole, isMoreOpen);
compare(
  'bot, heap, MB',
  ({ heapBytes }) => heapBytes,
  megabytes,
  () => false,
);
compare(
  'bot, event-loop delay, p99, ms',
  ({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms,
  whole,
  () => false,
);

const fates = [...run.fates].map(([fate, count]) => `${count} ${fate}`).join(', ');
say(`\n${fates}; ${run.starts} starts, ${run.computeProcesses} compute processes, ${run.seconds.toFixed(0)} s`);
if ([...run.fates.keys()].some((fate) => fate !== 'delivered')) complaints.push('not everything was delivered');
if (run.starts > 1 + workers) complaints.push('a process ended by itself');
for (const complaint of complaints) say(`NOT FINE: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;
