import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.js';
import { measureJob } from '../job.js';

/**
 * `node dist/bench/gpu/main.js [--out FILE] [--sizes 256,512,1024] [--rounds N] [--python PYTHON] [--seconds N]` measures all that
 * is of interest on a machine with a GPU, in about five minutes, and writes it as JSON after every step, so that whatever
 * ends it leaves what there is. A step that fails is written down with its error, and the next one begins.
 *
 * Without a GPU it can be tried on software Vulkan: WEBGPU_SOFTWARE=1, `--sizes 32`.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'gpu.json' },
    sizes: { type: 'string', default: '256,512,1024' },
    'job-sizes': { type: 'string', default: '512,1024' },
    rounds: { type: 'string', default: '5' },
    python: { type: 'string', default: 'python3' },
    /** bench/peers/pytorch.py, which a bundle of the compiled program alone doesn't have. */
    pytorch: { type: 'string', default: join(packageRoot(), 'bench/peers/pytorch.py') },
    seconds: { type: 'string', default: '330' },
    /** Side of the picture that there is to be no memory for, in pixels. */
    'too-large': { type: 'string', default: '16384' },
    evaluations: { type: 'string', default: '200' },
  },
});
const root = packageRoot();
const deadline = performance.now() + 1000 * Number(values.seconds);
const results: Record<string, unknown> = { processor: cpus()[0]?.model, threads: cpus().length, node: process.version };

/** Longest time for one step, in milliseconds, so that one that hangs leaves time for the others. */
const stepMs = 100_000;

/** Runs a program of this folder or another, and returns the lines of JSON that it prints, also before it fails. */
async function linesOf(file: string, parameters: readonly string[]): Promise<readonly unknown[]> {
  const run = promisify(execFile)(file, [...parameters], {
    timeout: Math.max(1, Math.round(Math.min(stepMs, deadline - performance.now()))),
    killSignal: 'SIGKILL',
    maxBuffer: 1e8,
  });
  const { stdout, failure } = await run.then(
    (output) => ({ stdout: output.stdout, failure: [] }),
    (error: Error & { readonly stdout?: string }) => ({
      stdout: error.stdout ?? '',
      failure: [{ error: error.message.slice(-2000) }],
    }),
  );
  const lines = stdout.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return [...lines.map((line): unknown => JSON.parse(line)), ...failure];
}

async function step(name: string, run: () => Promise<unknown>): Promise<void> {
  if (performance.now() > deadline) {
    results[name] = { skipped: 'there was no time left' };
  } else {
    process.stderr.write(`${name} …\n`);
    const begin = performance.now();
    try {
      results[name] = { result: await run(), seconds: (performance.now() - begin) / 1000 };
    } catch (error) {
      results[name] = { error: error instanceof Error ? error.message.slice(-2000) : String(error) };
    }
  }
  await writeFile(values.out, JSON.stringify(results, null, 2));
}

const probe = (...parameters: readonly string[]) =>
  linesOf(process.execPath, [join(root, 'dist/bench/gpu/probe.js'), ...parameters]);
const pytorch = (...flags: readonly string[]) =>
  linesOf(values.python, [values.pytorch, '--sizes', values.sizes, '--rounds', values.rounds, ...flags]);

await step('adapter', () => probe('adapter'));
await step('nvidia-smi', async () => {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  return (await promisify(execFile)('nvidia-smi', query)).stdout.trim();
});
await step('goldens', () => probe('goldens'));
// The variants follow each other closely, so that a GPU whose clock drifts slows all of them.
for (const network of ['vgg19', 'vgg19-lite']) {
  for (const layout of ['NHWC', 'NCHW']) {
    await step(`evaluation ${network} ${layout}`, () =>
      probe('evaluation', network, layout, values.sizes, values.rounds),
    );
  }
  if (network !== 'vgg19') continue;
  await step('pytorch', () => pytorch('--device', 'cuda'));
  await step('pytorch channels_last', () => pytorch('--device', 'cuda', '--channels-last'));
  await step('pytorch TF32', () => pytorch('--device', 'cuda', '--tf32'));
}
await step('evaluation on the processor', () => probe('evaluation', 'vgg19-lite', 'processor', values.sizes, '3'));
for (const size of values['job-sizes'].split(',')) {
  await step(`job ${size} vgg19-lite`, () =>
    measureJob(['--engine', 'webgpu', '--network', 'vgg19-lite', '--size', size], stepMs),
  );
  await step(`job ${size} vgg19`, () => probe('job', size));
}
await step('no memory, then a small evaluation', () => probe('too-large', values['too-large']));
await step('memory over many evaluations', () =>
  probe('flat', values.evaluations, values.sizes.split(',')[0] ?? '256'),
);
await step('doctor', async () => {
  const doctor = promisify(execFile)(process.execPath, [join(root, 'dist/src/main.js'), 'doctor']);
  const { stdout } = await doctor.catch((error: { stdout: string }) => error);
  return stdout;
});
process.stderr.write(`written to ${values.out}\n`);
