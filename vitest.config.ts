import { defineConfig } from 'vitest/config';
import { openapi } from './test/shared-folder.js';

/** Rooms whose tests change nothing that others see, neither the environment nor a module: they may share a process. */
const pure = [
  'bench',
  'chaos',
  'database',
  'imaging',
  'presets',
  'settings',
  'soak',
  'spot-difference',
  'transfer',
].map((room) => `test/${room}/**/*.test.ts`);

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
      { extends: true, test: { name: 'processes', include: ['test/**/*.test.ts'], exclude: pure } },
      { extends: true, test: { name: 'parts', include: pure, isolate: false } },
    ],
  },
});
