import { join } from 'node:path';
import { packageRoot } from '../../package-root.js';
import type { NetworkName } from '../topology.js';

/**
 * Where whitewalker's own folder of weights has this network's file, as an absolute path. VGG19-lite's is always there;
 * the others are once they have been fetched, which is not looked at here.
 */
export function bundledWeights(network: NetworkName): string {
  return join(packageRoot(), 'weights', `${network}.safetensors`);
}
