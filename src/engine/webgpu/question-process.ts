// This process answers one question about WebGPU to its parent, and ends. What fails natively ends only this process.

import type { Engine } from '../engine.js';
import { evaluationSeconds } from '../evaluation-seconds.js';
import { processor, webGpuDevice } from '../onnx/device.js';
import { OnnxEngine } from '../onnx/onnx-engine.js';
import { requireProvider } from '../onnx/require-provider.js';
import { bundledWeights } from '../weights/bundled.js';
import { loadNetwork } from '../weights/network.js';
import type { ReplyMessage, Speed } from './question.js';

/** The evaluation that is timed: what a small picture needs of the network that comes with the program. */
const trial = {
  side: 256,
  content: ['relu3_1'],
  style: ['relu1_1', 'relu2_1', 'relu3_1'],
  warmUps: 2,
  rounds: 3,
} as const;

async function answer(question: string | undefined): Promise<ReplyMessage> {
  try {
    if (question === 'speed') return { kind: 'answer', speed: await speed() };
    await requireProvider(webGpuDevice(), { logsAdapter: true });
    return { kind: 'answer' };
  } catch (error) {
    return { kind: 'failure', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function speed(): Promise<Speed> {
  const network = await loadNetwork(bundledWeights('vgg19-lite'));
  const millisecondsOf = async (engine: Engine) => {
    const seconds = await evaluationSeconds(engine, trial);
    await engine.dispose();
    return 1000 * seconds;
  };
  return {
    gpu: await millisecondsOf(new OnnxEngine(network, webGpuDevice())),
    processor: await millisecondsOf(new OnnxEngine(network, processor())),
  };
}

const reply = await answer(process.argv[2]);
process.send?.(reply, () => process.exit(0));
