import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { LocalRedis, noRedis } from './local-redis.js';
import { longEmbeddedQueue, longRedisQueue } from './ten-thousand.js';
import { throughput } from './throughput.js';

/**
 * `npm run bench:queue [-- --json] [--jobs N] [--compute-ms N]` measures what a long queue costs, and what workers
 * bring. It starts a redis-server of its own. docs/scaling.md explains the figures.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '10000' },
    'compute-ms': { type: 'string', default: '1000' },
  },
});
if (noRedis !== undefined) throw new Error(noRedis);
const jobs = Number(values.jobs);
const computeMs = Number(values['compute-ms']);
const say = (text: string) => process.stderr.write(`${text}\n`);

const redis = await LocalRedis.start();
try {
  say(`queues of ${jobs} jobs …`);
  const queues = [await longEmbeddedQueue(jobs), await longRedisQueue(jobs, redis)];
  const throughputs = [];
  for (const workers of [1, 2, 4]) {
    say(`${workers} workers …`);
    throughputs.push(await throughput(redis, { workers, jobsPerWorker: 30, computeMs, inputBytes: 500_000 }));
  }
  const [load = 0] = loadavg();
  const machine = { processor: cpus()[0]?.model, threads: availableParallelism(), node: process.version, load };
  if (values.json) process.stdout.write(`${JSON.stringify({ machine, computeMs, queues, throughputs }, null, 2)}\n`);
  else {
    const one = throughputs[0]?.jobsPerSecond ?? Number.NaN;
    const lines = [
      `${machine.processor}, ${machine.threads} threads, load ${load.toFixed(1)}, Node ${machine.node}`,
      '',
      `| ${jobs} jobs | enqueue | position | next | heap of the bot | Redis |`,
      '|---|---|---|---|---|---|',
      ...queues.map((figures) => {
        const { queue, enqueueMs, positionMs, nextMs, heapBytesPerJob, redisBytesPerJob } = figures;
        const times = [enqueueMs, positionMs, nextMs].map((ms) => `${ms.toFixed(2)} ms`).join(' | ');
        const inRedis = redisBytesPerJob === undefined ? '' : `${(redisBytesPerJob / 1000).toFixed(1)} kB a job`;
        return `| ${queue} | ${times} | ${(heapBytesPerJob / 1000).toFixed(1)} kB a job | ${inRedis} |`;
      }),
      '',
      `| workers, ${computeMs} ms a job | jobs | seconds | jobs a second | of one worker |`,
      '|---|---|---|---|---|',
      ...throughputs.map(({ workers, jobs, seconds, jobsPerSecond }) => {
        const times = `${(jobsPerSecond / one).toFixed(2)} ×`;
        return `| ${workers} | ${jobs} | ${seconds.toFixed(1)} | ${jobsPerSecond.toFixed(2)} | ${times} |`;
      }),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
} finally {
  await redis.stop();
}
