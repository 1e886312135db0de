import { readFileSync, realpathSync } from 'node:fs';

/** The GPU that WebGPU computes on, or the program that plays one. */
export interface Adapter {
  /** Its name, such as `NVIDIA GeForce RTX 4090`. */
  readonly name: string;
  /** Whether it is a program on the processor: of use to tests only. */
  readonly isSoftware: boolean;
  /** The driver, as far as it is known: `libGLX_nvidia.so.550.54.14`. */
  readonly driver: string;
  readonly backend: 'Vulkan' | 'Direct3D 12' | 'Metal';
}

/** Names by which programs that play a GPU are known: Chromium's, Mesa's, and Windows's. */
const software = /swiftshader|llvmpipe|lavapipe|libvulkan_lvp|softpipe|basic render/i;

/**
 * Environment of a process whose stderr {@link adapterFrom} reads. ONNX Runtime doesn't tell which adapter it has taken,
 * but Vulkan's loader does.
 */
export const namesAdapter = { VK_LOADER_DEBUG: 'all' } as const;

/**
 * Finds the adapter in what a process has written to stderr that opened a session on WebGPU, with {@link namesAdapter}
 * and ONNX Runtime's own log at level `info`.
 */
export function adapterFrom(log: string, platform: NodeJS.Platform = process.platform): Adapter {
  const [, device, library] = [...log.matchAll(/Using "([^"]+)" with driver: "([^"]+)"/g)].at(-1) ?? [];
  // On Windows and macOS ONNX Runtime lists the hardware that it finds; type 1 is a GPU.
  const [, listed] =
    /Discovered OrtHardwareDevice \{[^}]*type:1,[^}]*?(?:Description=|vendor:)([^,\]}]+)/.exec(log) ??
    /Discovered OrtHardwareDevice \{[^}]*vendor:([^,]+), type:1/.exec(log) ??
    [];
  const name = (device ?? listed ?? 'a GPU of unknown name').trim();
  return {
    name,
    isSoftware: software.test(`${name} ${library ?? ''}`),
    driver: library === undefined ? 'driver unknown' : driverOf(library),
    backend: platform === 'win32' ? 'Direct3D 12' : platform === 'darwin' ? 'Metal' : 'Vulkan',
  };
}

/** Describes an adapter in words: `NVIDIA GeForce RTX 4090 (Vulkan, libGLX_nvidia.so.550.54.14)`. */
export function describeAdapter({ name, backend, driver }: Adapter): string {
  return `${name} (${backend}, ${driver})`;
}

/** Returns a driver's library without its folder, with the version where the file's real name or the kernel has one. */
function driverOf(library: string): string {
  const file = baseOf(realPath(library));
  if (/\.so\.\d+\.\d+/.test(file) || !/nvidia/i.test(file)) return file;
  try {
    return `${file} ${readFileSync('/sys/module/nvidia/version', 'utf8').trim()}`;
  } catch {
    return file;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // The loader found it by its name alone, in one of the library folders.
    return path;
  }
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
