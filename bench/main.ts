import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { networkNames } from '../src/engine/topology.js';
import { bundledWeights } from '../src/engine/weights/bundled.js';
import { loadNetwork, type Network } from '../src/engine/weights/network.js';
import { randomNetwork } from '../src/engine/weights/random-network.js';
import { engineNamed, openEngineOn } from './engines.js';
import { measureEvaluation } from './evaluation.js';
import { measureJob } from './job.js';
import { matrixProduct } from './matrix-product.js';

/**
 * `npm run bench [-- --json] [--weights FILE …] [--rounds N] [--engine NAME]` measures how fast this machine evaluates
 * and paints, on the processor unless another engine is named. Progress goes to the standard error stream, tables or
 * JSON to the standard output. docs/performance.md explains the figures.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    weights: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '7' },
    engine: { type: 'string', default: 'onnx' },
  },
});
const sizes = [150, 256, 512];
const threads = availableParallelism();
const rounds = Number(values.rounds);
const engine = engineNamed(values.engine);
const say = (text: string) => process.stderr.write(`${text}\n`);

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
for (const { label, network } of networks) {
  for (const size of sizes) {
    say(`${label} at ${size}×${size} …`);
    evaluations.push(
      await measureEvaluation(network, label, size, {
        openEngine: (one) => openEngineOn(engine, one, threads),
        rounds,
        matrixProduct: product,
      }),
    );
  }
}
const jobs = [];
for (const path of files) {
  say(`a whole job with ${path} …`);
  jobs.push(await measureJob(['--weights', path, '--engine', engine]));
}

const machine = { processor: cpus()[0]?.model ?? 'unknown', threads, node: process.version, engine };
if (values.json) process.stdout.write(`${JSON.stringify({ machine, rounds, evaluations, jobs }, null, 2)}\n`);
else {
  const lines = [
    `${machine.processor}, ${threads} threads, engine ${engine}, Node ${machine.node}; medians of ${rounds} rounds`,
    '',
    '| loss and gradient | size | ms | GFLOP/s | matrix product, GFLOP/s | ratio |',
    '|---|---|---|---|---|---|',
    ...evaluations.map(
      ({ network, size, milliseconds, gflops, matrixProductGflops, ofMatrixProduct }) =>
        `| ${network} | ${size}² | ${milliseconds.toFixed(0)} | ${gflops.toFixed(0)} | ${matrixProductGflops.toFixed(0)} | ${ofMatrixProduct.toFixed(2)} |`,
    ),
    '',
    '| whole job, 512 pixels, 100 epochs | seconds | evaluations | in the engine | peak RSS, MB |',
    '|---|---|---|---|---|',
    ...jobs.map(
      ({ network, seconds, evaluations: count, engineShare, peakRssMegabytes }) =>
        `| ${network} | ${seconds.toFixed(1)} | ${count} | ${(100 * engineShare).toFixed(0)} % | ${peakRssMegabytes.toFixed(0)} |`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
