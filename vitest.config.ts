import { availableParallelism } from 'node:os';
import { relative, sep } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { openapi } from './test/shared-folder.js';

/** Files that change what others in their process would see: the environment or a module. */
const alone = [
  'test/compute/process-pool.test.ts',
  'test/engine/tensorflow-*.test.ts',
  // A process keeps the first GPU that it has found, whatever its environment says later.
  'test/engine/webgpu/*.test.ts',
];

/** Rooms whose tests wait for bots and other processes much of the time. The others compute. */
const waiting = new Set([
  'bot',
  'command-line',
  'compute',
  'doctor',
  'jobs',
  'local-discord',
  'operations',
  'playground',
]);

/**
 * Starts files that run alone first, then those that wait and those that compute in turns, the largest of each first, so
 * that there is something to compute while others wait.
 */
class InTurns extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isAlone = ({ project }: TestSpecification) => project.name === 'alone';
    const waits = ({ moduleId }: TestSpecification) =>
      waiting.has(relative(this.ctx.config.root, moduleId).split(sep)[1] ?? '');
    const together = sorted.filter((file) => !isAlone(file));
    return [
      ...sorted.filter(isAlone),
      ...merged(
        together.filter(waits),
        together.filter((file) => !waits(file)),
      ),
    ];
  }
}

/** Merges two lists so that both advance at the same rate. */
function merged<Item>(some: readonly Item[], others: readonly Item[]): Item[] {
  const placed = [some, others].flatMap((list) =>
    list.map((item, index) => ({ item, place: (index + 0.5) / list.length })),
  );
  return placed.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

export default defineConfig({
  test: {
    // onnxruntime-node is unstable in worker threads (microsoft/onnxruntime#24486): processes instead.
    pool: 'forks',
    // Tests of the bot wait for other processes much of the time, which compute, but also for pauses to be over.
    maxWorkers: Math.min(availableParallelism() + 3, 8),
    // A test waits as long as something moves, however busy the machine is, see test/patience.ts; this is the most for all.
    testTimeout: 15 * 60_000,
    hookTimeout: 15 * 60_000,
    env: { DISCORD_OPENAPI: openapi },
    sequence: { sequencer: InTurns },
    // Files share processes, but for those that run alone: to load discord.js, sharp and ONNX Runtime for each takes longer than
    // many a file's tests.
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
    ],
  },
});
