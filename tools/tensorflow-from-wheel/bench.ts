import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../../bench/evaluation.js';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
import { type Evaluate, type Evaluated, type Evaluator, evaluators } from './evaluator.js';

/**
 * `node dist/tools/tensorflow-from-wheel/bench.js FOLDER [--weights FILE] [--rounds N]` measures evaluations of loss
 * and gradient at 256² by each engine in turn, each in a process of its own; then whether those by TensorFlow leak
 * memory at 128².
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { weights: { type: 'string' }, rounds: { type: 'string', default: '7' } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Name the folder that build.sh made.');
const weights = values.weights ?? bundledWeights('vgg19-lite');
const size = 256;

class EvaluatorProcess {
  readonly name: Evaluator;
  readonly #process: ChildProcess;

  constructor(name: Evaluator) {
    this.name = name;
    this.#process = fork(
      fileURLToPath(new URL('evaluator.js', import.meta.url)),
      [name, weights, ...(folder === undefined ? [] : [folder])],
      { serialization: 'advanced', execArgv: ['--expose-gc'] },
    );
    this.#process.on('exit', (code) => {
      if (code) throw new Error(`The process of ${name} ended with code ${code}.`);
    });
  }

  async run(evaluate: Evaluate): Promise<Evaluated> {
    this.#process.send(evaluate);
    const [answer]: Evaluated[] = await once(this.#process, 'message');
    if (answer === undefined) throw new Error(`${this.name} gave no answer.`);
    return answer;
  }

  end(): void {
    this.#process.disconnect();
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? Number.NaN), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const processes = evaluators.map((name) => new EvaluatorProcess(name));
const results = new Map<Evaluator, Evaluated[]>(evaluators.map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  process.stderr.write(`round ${round + 1} …\n`);
  for (const each of processes) results.get(each.name)?.push(await each.run({ size, count: 1 }));
}
const reference = results.get('onnx')?.at(-1);
const lines = [
  `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads, Node ${process.version}; medians of ${values.rounds} rounds at ${size}²`,
  '',
  '| engine | ms | loss against ONNX | cosine of the gradients | RSS, MB |',
  '|---|---|---|---|---|',
];
for (const name of evaluators) {
  const all = results.get(name) ?? [];
  const last = all.at(-1);
  if (!last || !reference) continue;
  const milliseconds = 1000 * median(all.map(({ seconds }) => seconds));
  const error = Math.abs(last.loss / reference.loss - 1);
  lines.push(
    `| ${name} | ${milliseconds.toFixed(0)} | ${error.toExponential(1)} | ${cosine(last.gradient, reference.gradient).toFixed(7)} | ${(last.rssBytes / 1e6).toFixed(0)} |`,
  );
}

for (const each of processes) each.end();

lines.push('', '| evaluations at 128² with TensorFlow, one after the other | tensors | RSS, MB |', '|---|---|---|');
const fresh = new EvaluatorProcess('tensorflow');
let evaluations = 0;
for (const count of [1, 49, 150, 400]) {
  process.stderr.write(`${count} at 128² …\n`);
  const { tensors, rssBytes } = await fresh.run({ size: 128, count });
  evaluations += count;
  lines.push(`| ${evaluations} | ${tensors} | ${(rssBytes / 1e6).toFixed(0)} |`);
}
fresh.end();
process.stdout.write(`${lines.join('\n')}\n`);
