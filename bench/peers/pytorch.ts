import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { z } from 'zod';
import type { Network } from '../../src/engine/weights/network.js';
import { serializeSafetensors, type Tensor } from '../../src/engine/weights/safetensors.js';
import { packageRoot } from '../../src/package-root.js';
import type { BenchPictures } from '../evaluation.js';

const introductionSchema = z.object({ pytorch: z.string(), variants: z.array(z.string()) });
const evaluationSchema = z.object({ loss: z.number(), milliseconds: z.number() });

/** An evaluation by PyTorch. */
export type PeerEvaluation = z.infer<typeof evaluationSchema>;

/** PyTorch with a network, in a process that evaluates when it is asked to: see pytorch.py. */
export class PyTorch {
  /** PyTorch's version. */
  readonly version: string;
  /** The ways to run it that there are here: `eager`, `channels_last` and, where there is a compiler, `compile`. */
  readonly variants: readonly string[];
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #folder: string;

  private constructor(
    process: ChildProcess,
    lines: AsyncIterator<string>,
    folder: string,
    { pytorch, variants }: z.infer<typeof introductionSchema>,
  ) {
    this.#process = process;
    this.#lines = lines;
    this.#folder = folder;
    this.version = pytorch;
    this.variants = variants;
  }

  /**
   * Starts PyTorch with a network's weights.
   * @param python - a Python that has PyTorch and NumPy.
   * @throws Error where it ends instead of answering; what it said went to the standard error stream.
   */
  static async start(python: string, network: Network, threads: number): Promise<PyTorch> {
    const folder = await mkdtemp(join(tmpdir(), 'whitewalker-peers-'));
    const weights = join(folder, 'weights.safetensors');
    await writeFile(weights, weightsOf(network));
    const script = join(packageRoot(), 'bench/peers/pytorch.py');
    const parameters = [script, '--serve', '--threads', String(threads), '--weights', weights];
    const child = spawn(python, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines: Interface = createInterface({ input: child.stdout });
    const iterator = lines[Symbol.asyncIterator]();
    return new PyTorch(child, iterator, folder, introductionSchema.parse(await answerOf(iterator)));
  }

  /** Takes the pictures that are evaluated from now on. */
  async take(size: number, pictures: BenchPictures): Promise<void> {
    for (const [name, { data }] of Object.entries(pictures)) await writeFile(join(this.#folder, name), data);
    await this.#ask({ size, folder: this.#folder });
  }

  /** Evaluates loss and gradient once. The first time with new pictures computes targets, and compiles. */
  async evaluate(variant: string): Promise<PeerEvaluation> {
    return evaluationSchema.parse(await this.#ask({ evaluate: variant }));
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await ended;
    await rm(this.#folder, { recursive: true });
  }

  #ask(request: unknown): Promise<unknown> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    return answerOf(this.#lines);
  }
}

async function answerOf(lines: AsyncIterator<string>): Promise<unknown> {
  const { value, done } = await lines.next();
  if (done) throw new Error('PyTorch has ended. Is it installed for the Python that `--python` names?');
  return JSON.parse(value);
}

/** Returns a network as a safetensors file, also one that is in no file. */
function weightsOf({ convolutions, pooling }: Network): Uint8Array {
  const tensors = convolutions.flatMap<readonly [string, Tensor]>(
    ({ name, inputChannels, outputChannels, kernel, bias }) => [
      [`conv${name}.weight`, { shape: [outputChannels, inputChannels, 3, 3], data: kernel }],
      [`conv${name}.bias`, { shape: [outputChannels], data: bias }],
    ],
  );
  return serializeSafetensors(new Map(tensors), new Map([['pooling', pooling]]));
}
