import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { openapi } from './test/shared-folder.js';

/** Files that change what others in their process would see: the environment or a module. */
const alone = [
  'test/compute/process-pool.test.ts',
  'test/engine/tensorflow-*.test.ts',
  // A process keeps the first GPU that it has found, whatever its environment says later.
  'test/engine/webgpu/*.test.ts',
];

export default defineConfig({
  test: {
    // onnxruntime-node is unstable in worker threads (microsoft/onnxruntime#24486): processes instead.
    pool: 'forks',
    // Tests of the bot wait for other processes much of the time, which compute, but also for pauses to be over.
    maxWorkers: Math.min(availableParallelism() + 4, 8),
    // A test waits as long as something moves, however busy the machine is, see test/patience.ts; this is the most for all.
    testTimeout: 15 * 60_000,
    hookTimeout: 15 * 60_000,
    env: { DISCORD_OPENAPI: openapi },
    // Files share processes, but for those that run alone: to load discord.js, sharp and ONNX Runtime for each takes longer than
    // many a file's tests.
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
    ],
  },
});
