import { type ExclusiveLock, type WaitOptions, waitForLock } from '../../../files/exclusive-lock.js';
import { isSameFile } from '../../../files/whole-file.js';
import type { NetworkName } from '../../topology.js';
import { bundledWeights } from '../bundled.js';
import type { Manifest, ManifestEntry } from '../manifest.js';
import { networkFromSafetensors } from '../network.js';
import { parseSafetensors } from '../safetensors.js';
import { weightsError, writingError } from '../weights-error.js';
import { writeWeightsFile } from '../weights-file.js';
import { type ReadWeights, readWeights, serializeWeights } from './read-weights.js';

/** Weights that were installed and are ready to be used. */
export interface InstalledWeights {
  readonly network: NetworkName;
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the installed file, hexadecimal. */
  readonly sha256: string;
  /** Number of convolutions, from conv1_1 on; a file may stop early. */
  readonly convolutions: number;
}

export interface ImportOptions extends Pick<WaitOptions, 'signal' | 'onWait'> {
  readonly manifest: Manifest;
  /** The network that the file must hold; undefined accepts any. */
  readonly network?: NetworkName | undefined;
}

/**
 * Locks a network's weights, so that only this process writes them; waits while another holds the lock.
 * @throws `weights/not-writable` or `weights/disk-full` where there can be no lock; the signal's reason.
 */
export async function lockWeights(
  network: NetworkName,
  { signal, onWait }: Pick<WaitOptions, 'signal' | 'onWait'>,
): Promise<ExclusiveLock> {
  const path = bundledWeights(network);
  try {
    return await waitForLock(`${path}.lock`, { signal, onWait, isTemporary: true });
  } catch (cause) {
    signal?.throwIfAborted();
    throw writingError(path, cause);
  }
}

/**
 * Converts and installs a file of weights that somebody has fetched by hand; the file itself stays where it is.
 * @throws `weights/…` that says what the file is instead, or why it can't be installed.
 */
export async function importWeights(
  path: string,
  { manifest, network: requested, ...lockOptions }: ImportOptions,
): Promise<InstalledWeights> {
  const weights = await readWeights(path, { manifest, network: requested });
  const { network } = weights;
  if (manifest[network].sources.length === 0) {
    throw weightsError({
      code: 'not-importable',
      file: path,
      problem: `holds ${network}, which comes with the program and is not replaced`,
      remedy: `To paint with this file, give it as --weights ${path}.`,
    });
  }
  if (await isSameFile(path, bundledWeights(network))) {
    throw weightsError({
      code: 'not-importable',
      file: path,
      problem: `is the file that ${network} is read from already`,
      remedy: 'There is nothing to import; `npx whitewalker weights verify` checks it.',
    });
  }
  const lock = await lockWeights(network, lockOptions);
  try {
    return await install(weights, path);
  } finally {
    lock.release();
  }
}

/**
 * Converts a published file and puts it where whitewalker looks for that network's weights. The caller must hold the
 * network's lock and have checked the file's digest.
 * @throws `weights/…` where the file can't be read or written.
 */
export async function installPublished(
  path: string,
  network: NetworkName,
  manifest: Manifest,
): Promise<InstalledWeights> {
  return install(await readWeights(path, { manifest, network, origin: publishedOrigin(manifest[network]) }), path);
}

/** Returns the origin that is written into the metadata of weights made from a published file. */
export function publishedOrigin({ file, digest }: ManifestEntry): string {
  return `${file}, ${digest.algorithm} ${digest.hex}`;
}

async function install(weights: ReadWeights, source: string): Promise<InstalledWeights> {
  const { network } = weights;
  const bytes = serializeWeights(weights);
  // The bytes are read as they will be when they are used, before they replace the file that was there.
  const { convolutions } = networkFromSafetensors(parseSafetensors(bytes, source), source);
  const path = bundledWeights(network);
  const sha256 = await writeWeightsFile(path, bytes);
  return { network, path, bytes: bytes.length, sha256, convolutions: convolutions.length };
}
