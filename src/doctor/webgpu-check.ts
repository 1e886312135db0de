import type { EngineName } from '../engine/choose-engine.js';
import { askWebGpu } from '../engine/webgpu/webgpu.js';
import { type Finding, ok, warning } from './finding.js';

/**
 * Measures anew whether WebGPU computes faster than the processor, and says on which GPU, by which driver, or what is
 * lacking. Where the engine is one that has nothing to do with it, nothing is measured.
 */
export async function checkWebGpu(engine: EngineName): Promise<readonly Finding[]> {
  if (engine !== 'auto' && engine !== 'webgpu') return [];
  const answer = await askWebGpu({ anew: true });
  if (answer.answers) return [ok('webgpu', `${answer.reason}.`)];
  const message = `WebGPU is of no use here: ${answer.reason}.`;
  // Most machines have no GPU, and need none; who asks for one by name wants to know.
  const isWanted = engine === 'webgpu' || !/there is no GPU/.test(answer.reason);
  return isWanted && answer.remedy !== undefined
    ? [warning('webgpu', message, answer.remedy)]
    : [ok('webgpu', message)];
}
