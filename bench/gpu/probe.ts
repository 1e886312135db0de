import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Engine } from '../../src/engine/engine.js';
import { processor, webGpuDevice } from '../../src/engine/onnx/device.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import { TimedEngine } from '../../src/engine/timed-engine.js';
import { askWebGpu } from '../../src/engine/webgpu/webgpu.js';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
import { loadNetwork } from '../../src/engine/weights/network.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { uniformNumbers } from '../../src/random-numbers.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';
import { median, secondsOf, wholeEvaluation } from '../evaluation.js';
import { compareGoldens } from './goldens.js';

/** One measurement of bench/gpu/main.ts, in a process of its own. It prints lines of JSON. */
const [kind, ...parameters] = process.argv.slice(2);
const say = (figures: unknown) => process.stdout.write(`${JSON.stringify(figures)}\n`);

const network = (name: string | undefined) =>
  name === 'vgg19'
    ? Promise.resolve(randomNetwork('vgg19', 1, { upTo: 'relu5_1' }))
    : loadNetwork(bundledWeights('vgg19-lite'));

switch (kind) {
  case 'adapter':
    say(await askWebGpu({ anew: true }));
    break;
  case 'goldens':
    for (const comparison of await compareGoldens(
      (one) => new OnnxEngine(one, webGpuDevice()),
      (one) => new OnnxEngine(one, processor()),
    )) {
      say(comparison);
    }
    break;
  case 'evaluation': {
    const [name, layout, sizes = '', rounds = '5'] = parameters;
    const device = layout === 'processor' ? processor() : webGpuDevice(layout === 'NCHW' ? 'NCHW' : 'NHWC');
    const engine = new OnnxEngine(await network(name), device);
    for (const size of sizes.split(',').map(Number)) await measure(engine, size, Number(rounds));
    await engine.dispose();
    break;
  }
  case 'job':
    await measureWholeJob(Number(parameters[0]));
    break;
  case 'too-large': {
    const engine = new OnnxEngine(await network('vgg19-lite'), webGpuDevice());
    const error = await wholeEvaluation(engine, Number(parameters[0]))
      .then((evaluate) => evaluate())
      .then(
        () => 'it fitted',
        (reason: unknown) => (reason instanceof Error ? { ...reason, message: reason.message.slice(0, 500) } : reason),
      );
    say({ error });
    const { loss } = await (await wholeEvaluation(engine, 64))();
    say({ lossAfterwards: loss });
    await engine.dispose();
    break;
  }
  case 'flat':
    await watchMemory(Number(parameters[0]), Number(parameters[1]));
    break;
  default:
    throw new Error(`There is no measurement "${kind}".`);
}

async function measure(engine: Engine, size: number, rounds: number): Promise<void> {
  const preparation = performance.now();
  const evaluate = await wholeEvaluation(engine, size);
  const first = await secondsOf(evaluate);
  const prepared = (performance.now() - preparation) / 1000;
  await evaluate();
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) seconds.push(await secondsOf(evaluate));
  say({ size, milliseconds: 1000 * median(seconds), first, prepared });
}

/** Paints with the full VGG19 with random weights: the picture is of no use, but takes the same time. */
async function measureWholeJob(size: number): Promise<void> {
  const engine = new TimedEngine(new OnnxEngine(await network('vgg19'), webGpuDevice()));
  const uniform = uniformNumbers(1);
  const picture = () => ({
    width: size,
    height: size,
    data: Float32Array.from({ length: 3 * size * size }, uniform),
  });
  const begin = performance.now();
  let steps = 0;
  for await (const _ of styleTransfer(engine, { content: picture(), styles: singleStyle(picture()) }, { size }))
    steps++;
  const seconds = (performance.now() - begin) / 1000;
  say({ size, steps, seconds, engineShare: engine.seconds / seconds });
  await engine.dispose();
}

async function watchMemory(evaluations: number, size: number): Promise<void> {
  const engine = new OnnxEngine(await network('vgg19-lite'), webGpuDevice());
  const evaluate = await wholeEvaluation(engine, size);
  for (let done = 0; done <= evaluations; done++) {
    if (done % Math.ceil(evaluations / 4) === 0) say({ done, rss: process.memoryUsage.rss(), gpu: await gpuMemory() });
    await evaluate();
  }
  await engine.dispose();
}

async function gpuMemory(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader']);
    return stdout.trim();
  } catch {
    return undefined;
  }
}
