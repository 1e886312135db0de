import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { installationTrouble } from '../installation-trouble.js';
import { isTooOld, oldestNode } from '../node-version.js';
import { type Finding, failure, ok, warning } from './finding.js';

/** Memory and disk space that the bot and one picture of standard quality need, about. */
const smallestMemoryBytes = 1.5e9;
const smallestDiskBytes = 1e9;

/** Checks Node.js, the processors, the memory and the disk of the data folder. */
export async function checkMachine(dataFolder: string): Promise<readonly Finding[]> {
  const trouble = addressSpaceTrouble();
  return [
    checkNode(process.versions.node),
    checkMemory(),
    ...(trouble === undefined ? [] : [failure('machine', trouble)]),
    await checkDisk(dataFolder),
  ];
}

/** Checks whether a version of Node.js, such as `20.20.2`, is new enough. */
export function checkNode(version: string): Finding {
  if (!isTooOld(version)) return ok('node', `Node.js ${version}.`);
  return failure('node', `Node.js ${version} is older than ${oldestNode}.`, `Install Node.js ${oldestNode} or newer.`);
}

/** Says what to do where this process has too little address space for WebAssembly; undefined where it has enough. */
export function addressSpaceTrouble(): string | undefined {
  try {
    new WebAssembly.Memory({ initial: 1, maximum: 1 });
    return undefined;
  } catch (error) {
    return installationTrouble(error)?.message;
  }
}

function checkMemory(): Finding {
  const total = totalmem();
  const message = `${availableParallelism()} processors, ${gigabytes(total)} of memory.`;
  if (total >= smallestMemoryBytes) return ok('machine', message);
  return warning(
    'machine',
    message,
    'Set QUALITY_STANDARD and QUALITY_HIGH to smaller sizes, so that memory suffices.',
  );
}

async function checkDisk(folder: string): Promise<Finding> {
  const free = await freeBytes(folder);
  if (free >= smallestDiskBytes) return ok('disk', `${gigabytes(free)} are free where ${folder} is.`);
  return warning('disk', `Only ${gigabytes(free)} are free where ${folder} is.`, 'Make room, or set DATA_DIR.');
}

/** Returns how many bytes are free on the disk of a folder, or of the one above it that it would be made in. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder));
  }
}

/** Lists the GPUs that NVIDIA's driver knows, with their memory; finds none where there is no driver. */
export async function checkGpus(): Promise<readonly Finding[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [
      '--query-gpu=name,memory.total',
      '--format=csv,noheader',
    ]);
    const gpus = stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '');
    return gpus.map((gpu) => ok('gpu', `${gpu.replace(', ', ' with ')}.`));
  } catch {
    return [ok('gpu', "None that NVIDIA's driver knows.")];
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
