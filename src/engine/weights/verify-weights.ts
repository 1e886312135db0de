import { stat } from 'node:fs/promises';
import { isCoded } from '../../coded-error.js';
import { convolutionsOf, type NetworkName, topologies } from '../topology.js';
import { availableNetworks, bundledWeights } from './bundled.js';
import type { ManifestEntry } from './manifest.js';
import { networkFromSafetensors } from './network.js';
import { readSafetensors } from './safetensors.js';
import { fetchCommand } from './weights-error.js';
import { digestOfFile, recordedDigest } from './weights-file.js';

/** The result of verifying a network's weights. */
export interface WeightsReport {
  readonly network: NetworkName;
  readonly path: string;
  /** The file's size in bytes; zero where there is no file. */
  readonly bytes: number;
  /** SHA-256 of the file as it is, hexadecimal; undefined where the file can't be read. */
  readonly sha256: string | undefined;
  /** How many convolutions the file has, and how many the network; undefined where the file can't be loaded. */
  readonly convolutions: { readonly loaded: number; readonly all: number } | undefined;
  /** The origin that the file's metadata states. */
  readonly origin: string | undefined;
  /** Whether there was a recorded digest to compare the file's with. */
  readonly isVouchedFor: boolean;
  /** The faults that were found, as sentences; where there are none, the weights can be used. */
  readonly faults: readonly string[];
}

/** Reads a network's weights as they will be used, and compares their digest with the recorded one. Never throws. */
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
  // The manifest has the digest of weights that come with the program; of others, the digest before conversion.
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
