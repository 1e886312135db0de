import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StylizeReport } from '../src/command-line/stylize-command.js';
import { packageRoot } from '../src/package-root.js';

/** Figures of what a whole job takes, of 512 pixels and 100 epochs unless flags say otherwise, in a process of its own. */
export interface JobFigures {
  readonly network: string;
  readonly seconds: number;
  /** The share of the time that was spent in the engine, in [0, 1]. */
  readonly engineShare: number;
  readonly peakRssMegabytes: number;
  readonly evaluations: number;
}

/**
 * Runs `whitewalker stylize` on the example photograph, and returns the figures from its `--json` report.
 * @param flags - more flags of the command line: `--weights FILE`, `--engine NAME`, `--size N`.
 * @param timeoutMs - how long it may take, in milliseconds; 0: as long as it takes.
 */
export async function measureJob(flags: readonly string[], timeoutMs = 0): Promise<JobFigures> {
  const root = packageRoot();
  const folder = await mkdtemp(join(tmpdir(), 'whitewalker-bench-'));
  try {
    const parameters = [
      join(root, 'dist/src/main.js'),
      'stylize',
      join(root, 'examples/astronaut.jpg'),
      join(root, 'examples/ice-shards.png'),
      ...['--out', join(folder, 'result.png'), '--json', ...flags],
    ];
    const limit = { timeout: timeoutMs, killSignal: 'SIGKILL' } as const;
    const { stdout } = await promisify(execFile)(process.execPath, parameters, limit);
    const report: StylizeReport = JSON.parse(stdout);
    return {
      network: report.network,
      seconds: report.seconds,
      engineShare: report.engineSeconds / report.seconds,
      peakRssMegabytes: report.peakRssBytes / 1e6,
      evaluations: report.evaluations,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
