import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, homedir, platform, release } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../files/make-folder.js';
import { packageVersion } from '../../package-root.js';
import { type WebGpuAnswer, webGpuAnswer } from './answer.js';
import { driverManifests } from './vulkan.js';

const contents = z.object({
  /** What the answer depends on, see {@link fingerprint}. */
  fingerprint: z.string(),
  answer: webGpuAnswer,
});

/** Returns the answer that was kept for this machine as it is now; undefined where there is none. */
export function keptAnswer(): WebGpuAnswer | undefined {
  try {
    const kept = contents.parse(JSON.parse(readFileSync(path(), 'utf8')));
    return kept.fingerprint === fingerprint() ? kept.answer : undefined;
  } catch {
    // Nothing was kept, or something else stands there: it is found out again.
    return undefined;
  }
}

/** Keeps an answer for the next start. Where files can't be written, the next start finds it out again. */
export function keepAnswer(answer: WebGpuAnswer): void {
  try {
    makeFolder(dirname(path()));
    writeFileSync(path(), JSON.stringify({ fingerprint: fingerprint(), answer } satisfies z.input<typeof contents>));
  } catch {
    // It was only to save a second or two.
  }
}

/** Forgets the answer that was kept. */
export function forgetAnswer(): void {
  try {
    rmSync(path(), { force: true });
  } catch {
    // What can't be deleted could not be written either.
  }
}

function path(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const folder = XDG_CACHE_HOME ?? (platform() === 'win32' ? LOCALAPPDATA : undefined) ?? join(homedir(), '.cache');
  return join(folder, 'whitewalker', 'webgpu.json');
}

/** Returns a digest of all that the answer depends on: versions, drivers, the choice of a GPU, and the processor. */
function fingerprint(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const facts = {
    versions: [packageVersion(), version, process.version],
    system: [platform(), arch(), release()],
    processors: cpus().map(({ model }) => model),
    drivers: platform() === 'linux' ? driverManifests().map(stateOf) : [],
    nvidia: nvidiaVersion(),
    choice: Object.entries(process.env)
      .filter(([name]) => /^(?:VK_|MESA_|DRI_PRIME|NVIDIA_|__NV|WEBGPU_SOFTWARE)/.test(name))
      .toSorted(),
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Returns what changes with a driver's installation: its manifest's size and date, which packages set anew. */
function stateOf(file: string): readonly (string | number)[] {
  const { size, mtimeMs } = statSync(file);
  return [file, size, mtimeMs];
}

function nvidiaVersion(): string {
  try {
    return readFileSync('/sys/module/nvidia/version', 'utf8');
  } catch {
    return '';
  }
}
