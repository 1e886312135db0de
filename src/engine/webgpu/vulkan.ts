import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What is lacking for a GPU to be used, and what to do about it: half a sentence, and a whole one. */
export interface Lack {
  readonly problem: string;
  readonly remedy: string;
}

/** The folders that a Linux machine's files are looked for in, for tests. */
export interface Machine {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
}

const thisMachine = (): Machine => ({ root: '/', environment: process.env });

/** Folders with libraries; those of Debian and Ubuntu have the processor's name. */
const libraryFolders = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '']
  .flatMap((triplet) => ['usr/lib', 'lib', 'usr/local/lib'].map((folder) => join(folder, triplet)))
  .concat('usr/lib64', 'lib64');

/**
 * Finds out whether a Linux machine lacks anything that every GPU needs to be used by Vulkan, by a look at its files: a
 * device, the right to use it, Vulkan's loader, and a driver. Where it lacks nothing, there may still be no GPU.
 */
export function lackOfVulkan(machine: Machine = thisMachine()): Lack | undefined {
  // Whoever names drivers may have one that needs no device.
  const isNamed = namedDrivers(machine) !== undefined;
  const devices = gpuDevices(machine);
  if (devices.length === 0 && !isNamed) {
    return {
      problem: 'there is no GPU: neither /dev/dri/renderD128 nor /dev/nvidia0 is there',
      remedy: 'In a container, hand it over: `--gpus all` for NVIDIA, `--device /dev/dri` for AMD and Intel.',
    };
  }
  if (devices.length > 0 && !devices.some((device) => mayUse(join(machine.root, device)))) {
    return {
      problem: `this user may not use ${devices.join(', ')}`,
      remedy:
        'Add the user to the groups that own them, mostly `render` and `video`; in a container, with `group_add`.',
    };
  }
  if (!hasLoader(machine)) {
    return {
      problem: "Vulkan's loader, libvulkan.so.1, is not installed",
      remedy: 'Install it: `apt-get install libvulkan1`, or `vulkan-loader` elsewhere.',
    };
  }
  if (driverManifests(machine).length === 0) {
    return {
      problem: 'no Vulkan driver is installed',
      remedy:
        'AMD and Intel: `apt-get install mesa-vulkan-drivers`. NVIDIA: its own driver has it; a container gets it with ' +
        'NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics.',
    };
  }
  return undefined;
}

/** Lists the files that describe Vulkan's drivers, as its loader looks for them. */
export function driverManifests(machine: Machine = thisMachine()): readonly string[] {
  const { root, environment } = machine;
  const named = namedDrivers(machine);
  if (named !== undefined) return named.split(delimiter).filter((file) => existsSync(file));
  const folders = [
    ...['etc', 'usr/local/etc', 'usr/share', 'usr/local/share'].map((folder) => join(root, folder)),
    ...(environment.XDG_DATA_DIRS ?? '').split(delimiter).filter((folder) => folder !== ''),
    environment.XDG_DATA_HOME ?? join(homedir(), '.local/share'),
  ];
  return [...new Set(folders)].flatMap((folder) => {
    const manifests = join(folder, 'vulkan/icd.d');
    return namesIn(manifests)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(manifests, name));
  });
}

function namedDrivers({ environment }: Machine): string | undefined {
  return environment.VK_DRIVER_FILES ?? environment.VK_ICD_FILENAMES;
}

/** Lists the device files of GPUs: of Linux's own drivers, of NVIDIA's, and of Windows below a Linux. */
function gpuDevices({ root }: Machine): readonly string[] {
  const inFolder = (folder: string, pattern: RegExp) =>
    namesIn(join(root, folder))
      .filter((name) => pattern.test(name))
      .map((name) => `/${folder}/${name}`);
  return [...inFolder('dev/dri', /^renderD\d+$/), ...inFolder('dev', /^(?:nvidia\d+|dxg)$/)];
}

function mayUse(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function hasLoader({ root, environment }: Machine): boolean {
  const folders = [
    ...libraryFolders.map((folder) => join(root, folder)),
    ...(environment.LD_LIBRARY_PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
  ];
  return folders.some((folder) => existsSync(join(folder, 'libvulkan.so.1')));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
