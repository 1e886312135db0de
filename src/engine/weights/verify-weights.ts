import { stat } from 'node:fs/promises';
import { isCoded } from '../../coded-error.js';
import { convolutionsOf, type NetworkName, topologies } from '../topology.js';
import { availableNetworks, bundledWeights } from './bundled.js';
import type { ManifestEntry } from './manifest.js';
import { networkFromSafetensors } from './network.js';
import { readSafetensors } from './safetensors.js';
import { fetchCommand } from './weights-error.js';
import { digestOfFile, recordedDigest } from './weights-file.js';

/** What was found out about a network's weights. */
export interface WeightsReport {
  readonly network: NetworkName;
  readonly path: string;
  /** Zero where there is no file. */
  readonly bytes: number;
  /** Of the file as it is, hexadecimal; undefined where it can't be read. */
  readonly sha256: string | undefined;
  /** Convolutions from conv1_1 on, and how many the network has; undefined where the file can't be loaded. */
  readonly convolutions: { readonly loaded: number; readonly all: number } | undefined;
  /** What its metadata says of where it is from. */
  readonly origin: string | undefined;
  /** Whether the digest was compared with one that was recorded. */
  readonly isVouchedFor: boolean;
  /** What is wrong, as sentences. None: the weights can be used. */
  readonly faults: readonly string[];
}

/** Reads a network's weights as they will be used, and compares their digest with the one that was recorded. Never throws. */
export async function verifyWeights({ network, sources, digest }: ManifestEntry): Promise<WeightsReport> {
  const path = bundledWeights(network);
  const faults: string[] = [];
  const attempt = async <Result>(action: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await action();
    } catch (error) {
      if (!isCoded(error, 'weights')) throw error;
      if (!faults.includes(error.message)) faults.push(error.message);
      return undefined;
    }
  };
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const nothing = {
    network,
    path,
    bytes,
    sha256: undefined,
    convolutions: undefined,
    origin: undefined,
    isVouchedFor: false,
  };
  if (!availableNetworks().includes(network)) {
    const remedy = sources.length === 0 ? 'Install the program again.' : `Fetch it: ${fetchCommand(network)}.`;
    return { ...nothing, faults: [`${path} is not here. ${remedy}`] };
  }
  const sha256 = await attempt(() => digestOfFile(path, 'sha256'));
  if (sha256 === undefined) return { ...nothing, faults };
  // What comes with the program has its digest in the manifest; for all else that is the digest of what was converted.
  const recorded = await attempt(async () => (sources.length === 0 ? digest.hex : recordedDigest(path)));
  if (recorded !== undefined && recorded !== sha256) {
    const remedy = sources.length === 0 ? 'Install the program again.' : `Fetch it again: ${fetchCommand(network)}.`;
    faults.push(`${path}: its SHA-256 is ${sha256}, not ${recorded}: it was changed or damaged. ${remedy}`);
  }
  const content = await attempt(() => readSafetensors(path));
  const loaded = content && (await attempt(async () => networkFromSafetensors(content, path)));
  if (loaded && loaded.name !== network) faults.push(`${path}: it holds ${loaded.name}, not ${network}.`);
  return {
    network,
    path,
    bytes,
    sha256,
    convolutions: loaded && { loaded: loaded.convolutions.length, all: convolutionsOf(topologies[network]).length },
    origin: content?.metadata.get('origin'),
    isVouchedFor: recorded !== undefined,
    faults,
  };
}
