import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.js';
import { type NetworkName, networkNames } from '../topology.js';

/**
 * Where whitewalker's own folder of weights has this network's file, as an absolute path. VGG19-lite's is always there;
 * the others are once they have been fetched, which is not looked at here.
 */
export function bundledWeights(network: NetworkName): string {
  return join(packageRoot(), 'weights', `${network}.safetensors`);
}

/** The networks whose weights are there, sound or not. */
export function availableNetworks(): readonly NetworkName[] {
  return networkNames.filter((network) => existsSync(bundledWeights(network)));
}
