import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ComputeRequest } from '../../src/compute/compute.js';
import type { ProcessPool } from '../../src/compute/process-pool.js';
import { createPool } from '../../src/compute-pool.js';
import { decideSlots } from '../../src/compute-slots.js';
import { readHostConfig } from '../../src/config.js';
import { packageRoot } from '../../src/package-root.js';
import { median, secondsOf } from '../evaluation.js';
import { processorSeconds } from './processor-seconds.js';

/**
 * `npm run bench:slots [-- --json] [--jobs N] [--rounds N] [--size N] [--epochs N]` measures how many pictures an hour this
 * machine paints with a full queue, and how long a lone one takes: one after the other (COMPUTE_SLOTS=1), and as
 * COMPUTE_SLOTS=auto has it. Both are measured in turn, round by round, and so are the processor's seconds of each picture,
 * which other programs change less. docs/performance.md has the figures.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    size: { type: 'string', default: '512' },
    epochs: { type: 'string', default: '100' },
  },
});
const [jobs, rounds] = [Number(values.jobs), Number(values.rounds)];
const network = 'vgg19-lite';
const inputs: ComputeRequest['inputs'] = {
  content: await readFile(join(packageRoot(), 'examples/astronaut.jpg')),
  style: await readFile(join(packageRoot(), 'examples/ice-shards.png')),
};
const requestOf = (epochs: number): ComputeRequest => ({
  task: { kind: 'style-transfer', network, transfer: { size: Number(values.size), epochs } },
  inputs,
  maxFileBytes: 10 * 1024 * 1024,
});
const request = requestOf(Number(values.epochs));

/** Has a pool compute so many jobs, of which as many run at once as it has slots. */
async function fullQueue(pool: ProcessPool): Promise<void> {
  let left = jobs;
  const slot = async () => {
    while (left > 0) {
      left--;
      await pool.run(request);
    }
  };
  await Promise.all(Array.from({ length: pool.slots }, slot));
}

/** The time on the clock, and that of the processor by all processes of a pool, both in seconds. */
interface Times {
  readonly clock: number;
  readonly processor: number;
}

/** A way to share the machine, with the times that were measured. */
interface Kind {
  readonly slots: string;
  readonly count: number;
  readonly pool: ProcessPool;
  readonly pids: Set<number>;
  readonly full: Times[];
  readonly lone: Times[];
}

async function timesOf({ pids }: Kind, run: () => Promise<unknown>): Promise<Times> {
  const before = new Map([...pids].map((pid) => [pid, processorSeconds(pid)]));
  const clock = await secondsOf(run);
  // A process that has ended meanwhile had nothing to do before, or the pool would have kept it.
  const used = [...pids].map((pid) => Math.max(0, processorSeconds(pid) - (before.get(pid) ?? 0)));
  return { clock, processor: used.reduce((sum, seconds) => sum + seconds, 0) };
}

const kinds = ['1', 'auto'].map((slots): Kind => {
  const config = readHostConfig({ ...process.env, COMPUTE_SLOTS: slots, ENGINE: 'onnx' });
  const decided = decideSlots(config, { usesGpu: false, network });
  const pids = new Set<number>();
  const pool = createPool(config, decided, network, ({ kind, pid }) => {
    if (kind === 'started' && pid !== undefined) pids.add(pid);
  });
  return { slots, count: decided.count, pool, pids, full: [], lone: [] };
});
try {
  // Idle processes take memory, but no processor: both pools can be there at once.
  for (const { pool } of kinds) {
    await pool.warm();
    await Promise.all(Array.from({ length: pool.slots }, () => pool.run(requestOf(3))));
  }
  for (let round = 0; round < rounds; round++) {
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const lone = await timesOf(kind, () => kind.pool.run(request));
      const full = await timesOf(kind, () => fullQueue(kind.pool));
      kind.lone.push(lone);
      kind.full.push(full);
      process.stderr.write(`round ${round + 1}, COMPUTE_SLOTS=${kind.slots}: ${lone.clock.toFixed(1)} s alone, `);
      process.stderr.write(`${full.clock.toFixed(1)} s for ${jobs}\n`);
    }
  }
} finally {
  await Promise.all(kinds.map(({ pool }) => pool.close()));
}

const figures = kinds.map(({ slots, count, full, lone }) => {
  return {
    slots,
    atOnce: count,
    loneSeconds: median(lone.map(({ clock }) => clock)),
    loneProcessorSeconds: median(lone.map(({ processor }) => processor)),
    jobsAnHour: (3600 * jobs) / median(full.map(({ clock }) => clock)),
    processorSecondsAJob: median(full.map(({ processor }) => processor)) / jobs,
  };
});
const [one, auto] = figures;
const machine = { processor: cpus()[0]?.model ?? 'unknown', threads: availableParallelism(), node: process.version };
if (values.json) process.stdout.write(`${JSON.stringify({ machine, jobs, rounds, figures }, null, 2)}\n`);
else {
  const ratio = (auto?.jobsAnHour ?? Number.NaN) / (one?.jobsAnHour ?? Number.NaN);
  const heads = ['`COMPUTE_SLOTS`', 'at once', 'a lone picture, s', 'processor, s', 'pictures an hour, full queue'];
  const lines = [
    `${machine.processor}, ${machine.threads} threads, Node ${machine.node}; medians of ${rounds} rounds of ${jobs} jobs`,
    '',
    `| ${[...heads, 'processor, s a picture'].join(' | ')} |`,
    '|---|---|---|---|---|---|',
    ...figures.map((kind) => {
      const alone = `${kind.loneSeconds.toFixed(1)} | ${kind.loneProcessorSeconds.toFixed(1)}`;
      const full = `${kind.jobsAnHour.toFixed(0)} | ${kind.processorSecondsAJob.toFixed(1)}`;
      return `| ${kind.slots} | ${kind.atOnce} | ${alone} | ${full} |`;
    }),
    '',
    `A full queue: ${ratio.toFixed(2)} × as many.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
