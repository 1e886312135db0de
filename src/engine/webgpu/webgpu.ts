import { engineError } from '../engine-error.js';
import { type Adapter, adapterFrom, describeAdapter, namesAdapter } from './adapter.js';
import type { WebGpuAnswer } from './answer.js';
import { forgetAnswer, keepAnswer, keptAnswer } from './kept-answer.js';
import { ask } from './question.js';
import { type Lack, lackOfVulkan } from './vulkan.js';

/** Whether software that plays a GPU will do, which tests want. */
const acceptsSoftware = () => process.env.WEBGPU_SOFTWARE === '1';

/**
 * Finds out by measuring whether WebGPU computes faster than the processor, in processes of its own. What was found out
 * is kept, for this driver and version, so that the next start is quick. Never rejects.
 * @param options.anew - measures even where the answer is kept.
 */
export async function askWebGpu({ anew = false }: { readonly anew?: boolean } = {}): Promise<WebGpuAnswer> {
  const lack = lackHere();
  if (lack) return { answers: false, reason: lack.problem, remedy: lack.remedy };
  if (!anew) {
    const kept = keptAnswer();
    if (kept) return kept;
  }
  const { answer, isLasting } = await measured();
  if (isLasting) keepAnswer(answer);
  else forgetAnswer();
  return answer;
}

async function measured(): Promise<{ answer: WebGpuAnswer; isLasting: boolean }> {
  const found = await findAdapter();
  if (!found.adapter) return { answer: { answers: false, ...found.lack }, isLasting: found.isLasting };
  const { adapter } = found;
  const reply = await ask('speed');
  if (reply.kind === 'failure') {
    const reason = `${describeAdapter(adapter)} fails: ${reply.reason}`;
    return { answer: { answers: false, reason }, isLasting: false };
  }
  const { gpu = Number.NaN, processor = Number.NaN } = reply.speed ?? {};
  const comparison = `${gpu.toFixed(1)} ms an evaluation, the processor ${processor.toFixed(0)} ms`;
  const reason = `${describeAdapter(adapter)} takes ${comparison}`;
  return { answer: gpu < processor ? { answers: true, adapter, reason } : { answers: false, reason }, isLasting: true };
}

/**
 * Makes sure that there is a GPU that WebGPU can use, and returns it.
 * @throws `engine/unavailable` where there is none; the message says what to do.
 */
export async function requireWebGpu(): Promise<Adapter> {
  const lack = lackHere();
  const found = lack ? { lack: { reason: lack.problem, remedy: lack.remedy } } : await findAdapter();
  if ('adapter' in found && found.adapter) return found.adapter;
  const { reason, remedy } = found.lack;
  const advice = remedy === undefined ? '' : ` ${remedy}`;
  throw engineError('unavailable', `WebGPU can't compute here: ${reason}.${advice} Without a GPU, set ENGINE=onnx.`);
}

/** Finds the adapter, by opening a session in a process of its own. */
async function findAdapter(): Promise<
  | { readonly adapter: Adapter }
  | {
      readonly adapter?: undefined;
      readonly lack: { readonly reason: string; readonly remedy?: string };
      readonly isLasting: boolean;
    }
> {
  const reply = await ask('opens', namesAdapter);
  if (reply.kind === 'failure') {
    const isMissing = /no supported adapters|failed to get a webgpu adapter/i.test(reply.reason);
    const reason = isMissing
      ? 'no driver here offers a GPU that WebGPU can use'
      : `it can't be opened: ${reply.reason}`;
    return {
      lack: { reason, remedy: 'Update or install the driver of the GPU, and see that its Vulkan part is there.' },
      isLasting: reply.isDefinite,
    };
  }
  const adapter = adapterFrom(reply.log);
  if (!adapter.isSoftware || acceptsSoftware()) return { adapter };
  const reason = `the only GPU is ${describeAdapter(adapter)}, a program on the processor`;
  return { lack: { reason, remedy: "Install the GPU's own driver, if there is a GPU." }, isLasting: true };
}

/** Looks for what is lacking on Linux; elsewhere loader and driver are part of the system. */
function lackHere(): Lack | undefined {
  return process.platform === 'linux' && !acceptsSoftware() ? lackOfVulkan() : undefined;
}
