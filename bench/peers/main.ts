import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { networkNames } from '../../src/engine/topology.js';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
import { loadNetwork, type Network } from '../../src/engine/weights/network.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { packageRoot } from '../../src/package-root.js';
import { engineNamed, openEngineOn } from '../engines.js';
import { measureEvaluation } from '../evaluation.js';
import { measureJob } from '../job.js';
import { matrixProduct } from '../matrix-product.js';
import { PyTorch } from './pytorch.js';
import { evaluationTable, jobTable, withTables } from './tables.js';

/**
 * `npm run bench [-- --json] [--weights FILE …] [--rounds N] [--sizes 256,512] [--engine NAME] [--python PYTHON] [--no-jobs]
 * [--write]` measures how fast this machine evaluates and paints, on the processor unless another engine is named, and with
 * `--python` PyTorch in turn with it: the same weights, layers and pictures. Progress goes to the standard error stream,
 * tables or JSON to the standard output; `--write` puts the tables into docs/performance.md, which explains the figures.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    weights: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '7' },
    sizes: { type: 'string', default: '150,256,512,1024' },
    engine: { type: 'string', default: 'onnx' },
    python: { type: 'string' },
    /** Ways to run PyTorch; default: all that there are. */
    variants: { type: 'string' },
    'no-jobs': { type: 'boolean', default: false },
  },
});
const threads = availableParallelism();
const rounds = Number(values.rounds);
const engine = engineNamed(values.engine);
const say = (text: string) => process.stderr.write(`${text}\n`);

/** The largest pictures that networks are measured with: the full ones take minutes and gigabytes for larger ones. */
const largest = (network: Network) => (network.name === 'vgg19-lite' ? 1024 : 512);

const files = [...networkNames.map(bundledWeights).filter((path) => existsSync(path)), ...values.weights];
const networks: { label: string; network: Network }[] = [];
for (const path of files) {
  const network = await loadNetwork(path);
  networks.push({ label: `${network.name} to conv${network.convolutions.at(-1)?.name}`, network });
}
if (!networks.some(({ network }) => network.name === 'vgg19' && network.convolutions.length >= 13)) {
  // The time of an evaluation doesn't depend on the values of the weights.
  networks.push({
    label: 'vgg19 to conv5_1 (random weights)',
    network: randomNetwork('vgg19', 1, { upTo: 'relu5_1' }),
  });
}

const product = await matrixProduct(threads);
const evaluations = [];
let version: string | undefined;
for (const { label, network } of networks) {
  const pytorch = values.python === undefined ? undefined : await PyTorch.start(values.python, network, threads);
  version = pytorch?.version;
  try {
    for (const size of values.sizes.split(',').map(Number)) {
      if (size > largest(network)) continue;
      say(`${label} at ${size}×${size} …`);
      const wanted = values.variants?.split(',');
      evaluations.push(
        await measureEvaluation(network, label, size, {
          openEngine: (one) => openEngineOn(engine, one, threads),
          rounds,
          matrixProduct: product,
          peer: pytorch && {
            variants: pytorch.variants.filter((variant) => wanted?.includes(variant) ?? true),
            take: (side, pictures) => pytorch.take(side, pictures),
            evaluate: (variant) => pytorch.evaluate(variant),
          },
        }),
      );
    }
  } finally {
    await pytorch?.stop();
  }
}
const jobs = [];
for (const path of values['no-jobs'] ? [] : files) {
  say(`a whole job with ${path} …`);
  jobs.push(await measureJob(['--weights', path, '--engine', engine]));
}

const machine = { processor: cpus()[0]?.model ?? 'unknown', threads, node: process.version, engine, pytorch: version };
if (values.json) {
  const plain = evaluations.map((figures) => ({ ...figures, peer: Object.fromEntries(figures.peer) }));
  process.stdout.write(`${JSON.stringify({ machine, rounds, evaluations: plain, jobs }, null, 2)}\n`);
} else {
  const peers = version === undefined ? '' : `, PyTorch ${version}`;
  const about = `${machine.processor}, ${threads} threads, engine ${engine}, Node ${machine.node}${peers}; medians of ${rounds} rounds`;
  const tables = {
    evaluations: `${about}\n\n${evaluationTable(evaluations)}`,
    jobs: jobTable(jobs),
  };
  process.stdout.write(`${tables.evaluations}\n\n${tables.jobs}\n`);
  if (values.write) {
    const path = join(packageRoot(), 'docs/performance.md');
    await writeFile(path, withTables(await readFile(path, 'utf8'), tables));
    say(`written to ${path}`);
  }
}
