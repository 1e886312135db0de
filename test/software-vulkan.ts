import { existsSync } from 'node:fs';
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
