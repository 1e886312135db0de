import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.js';
import { type NetworkName, networkNames } from '../topology.js';

/**
 * Returns the absolute path of a network's file in whitewalker's own folder of weights. VGG19-lite's file is always
 * there, the others' once they have been fetched; this function doesn't look whether the file is there.
 */
export function bundledWeights(network: NetworkName): string {
  return join(packageRoot(), 'weights', `${network}.safetensors`);
}

/** Returns the networks whose weights are in whitewalker's own folder, sound or not. */
export function availableNetworks(): readonly NetworkName[] {
  return networkNames.filter((network) => existsSync(bundledWeights(network)));
}
