import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.js';

/** Chromium's software Vulkan, and the loader that finds it: packages `chromium` and `libvulkan1` of Debian. */
const files = ['/usr/lib/chromium/libvk_swiftshader.so', '/usr/lib/x86_64-linux-gnu/libvulkan.so.1'];
const missing = files.filter((file) => !existsSync(file));

/** What tests on WebGPU lack, for the titles of those that are skipped; undefined where there is software Vulkan. */
export const noSoftwareVulkan = missing.length === 0 ? undefined : `needs ${missing.join(' and ')}`;

/** Environment of a process whose only GPU is a software one, which takes some hundred times as long as a real one. */
export const softwareVulkan = {
  VK_DRIVER_FILES: join(packageRoot(), 'test/fixtures/vulkan/swiftshader.json'),
  // The name that loaders before 1.3.207 know.
  VK_ICD_FILENAMES: join(packageRoot(), 'test/fixtures/vulkan/swiftshader.json'),
} as const;

/** What tests with a failing device lack besides: a compiler. */
export const noFailingVulkan =
  noSoftwareVulkan ?? (spawnSync('cc', ['--version']).error === undefined ? undefined : 'needs a C compiler, cc');

/**
 * Compiles a driver that is the software one but for faults, see fixtures/vulkan/failing-device.c.
 * @param folder - a folder that the files are written to.
 * @returns the environment of a process with that driver.
 */
export function failingVulkan(folder: string) {
  const library = join(folder, 'failing-device.so');
  const source = join(packageRoot(), 'test/fixtures/vulkan/failing-device.c');
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
  const manifest = join(folder, 'failing-device.json');
  const description = { file_format_version: '1.0.0', ICD: { library_path: library, api_version: '1.0.5' } };
  writeFileSync(manifest, JSON.stringify(description));
  return { VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest, WEBGPU_SOFTWARE: '1' } as const;
}
