import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { probeGpu } from '../../../src/engine/gpu-probe.js';
import { openEngine } from '../../../src/engine/open-engine.js';
import { keepAnswer, keptAnswer } from '../../../src/engine/webgpu/kept-answer.js';
import { askWebGpu } from '../../../src/engine/webgpu/webgpu.js';
import { failingVulkan, noFailingVulkan, noSoftwareVulkan, softwareVulkan } from '../../software-vulkan.js';

/*
 * Real processes that try a real provider, whose only GPU is a software one, or which dies.
 */
describe.skipIf(noSoftwareVulkan !== undefined)(`asking for a GPU (${noSoftwareVulkan ?? 'software Vulkan'})`, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'whitewalker-asking-'));
    vi.stubEnv('XDG_CACHE_HOME', folder);
    for (const [name, value] of Object.entries(softwareVulkan)) vi.stubEnv(name, value);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  /** Lets every process that is asked from now on die as a native fault would have it. */
  function dieWhenAsked() {
    const file = join(folder, 'die.cjs');
    writeFileSync(file, "if (process.argv[1]?.includes('question-process')) process.abort();");
    vi.stubEnv('NODE_OPTIONS', `--require ${file}`);
  }

  it('refuses software that plays a GPU, says so, and has the processor compute', async () => {
    expect(await askWebGpu()).toMatchObject({
      answers: false,
      reason: expect.stringMatching(/SwiftShader.*a program/),
    });
    const engine = await openEngine({ engine: 'auto' });
    expect(engine.name).toBe('onnx');
    await engine.dispose();
  });

  it('keeps the answer for the next start, until it is asked anew', async () => {
    const first = await askWebGpu();
    dieWhenAsked();
    expect(await askWebGpu()).toEqual(first);
    expect(await askWebGpu({ anew: true })).not.toEqual(first);
  });

  it('does without where the provider ends its process, says so, and asks again at the next start', async () => {
    dieWhenAsked();
    const answer = await askWebGpu();
    expect(answer).toMatchObject({ answers: false, reason: expect.stringMatching(/ended with SIGABRT/) });
    expect(await probeGpu('auto')).toMatchObject({ answers: false, reason: answer.reason });
    vi.stubEnv('NODE_OPTIONS', '');
    expect(await askWebGpu()).toMatchObject({ reason: expect.stringContaining('SwiftShader') });
  });

  it.skipIf(noFailingVulkan !== undefined)('does without a GPU that was there when it was measured', async () => {
    for (const [name, value] of Object.entries(failingVulkan(folder))) vi.stubEnv(name, value);
    const adapter = { name: 'A GPU', isSoftware: false, driver: 'libgpu.so', backend: 'Vulkan' } as const;
    keepAnswer({ answers: true, adapter, reason: 'it was fast' });
    writeFileSync(join(folder, 'lost'), '');
    vi.stubEnv('LOSES_DEVICE_WHILE', join(folder, 'lost'));
    const engine = await openEngine({ engine: 'auto' });
    expect(engine.name).toBe('onnx');
    await engine.dispose();
    expect(keptAnswer()).toBeUndefined();
  });

  it('does without where no driver offers a GPU', async () => {
    const manifest = join(folder, 'no-driver.json');
    const description = { file_format_version: '1.0.0', ICD: { library_path: '/nowhere.so', api_version: '1.0.5' } };
    writeFileSync(manifest, JSON.stringify(description));
    vi.stubEnv('VK_DRIVER_FILES', manifest);
    vi.stubEnv('VK_ICD_FILENAMES', manifest);
    expect(await askWebGpu()).toMatchObject({ answers: false, reason: expect.stringContaining('no driver here') });
  });

  it('refuses software by name, too, unless that is allowed', async () => {
    const refusal = await openEngine({ engine: 'webgpu' }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      domain: 'engine',
      code: 'unavailable',
      message: expect.stringMatching(/ENGINE=onnx/),
    });
    vi.stubEnv('WEBGPU_SOFTWARE', '1');
    const engine = await openEngine({ engine: 'webgpu' });
    expect(engine.name).toBe('webgpu');
    await engine.dispose();
  });
});
