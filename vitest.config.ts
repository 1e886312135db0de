import { defineConfig } from 'vitest/config';
import { openapi } from './test/shared-folder.js';

/** Files whose tests change what others in the same process would see: the environment, a module, or a global. */
const alone = [
  'test/command-line/paint.test.ts',
  'test/compute/process-pool.test.ts',
  'test/engine/tensorflow-*.test.ts',
];

export default defineConfig({
  test: {
    // onnxruntime-node is unstable in worker threads (microsoft/onnxruntime#24486): processes instead.
    pool: 'forks',
    // Tests of the bot wait for other processes much of the time.
    maxWorkers: 3,
    // A test waits as long as something moves, however busy the machine is, see test/patience.ts; this is the most for all.
    testTimeout: 15 * 60_000,
    hookTimeout: 15 * 60_000,
    env: { DISCORD_OPENAPI: openapi },
    projects: [
      // Files share processes: loading discord.js, sharp and ONNX Runtime for each would take longer than many a file's tests.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
