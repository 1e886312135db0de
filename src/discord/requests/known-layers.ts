import { convolutionsOf, layerNames, type NetworkName, networkTitles, topologies } from '../../engine/topology.js';
import { UserError } from '../user-error.js';

/**
 * Checks layers before anything is computed.
 * @param network - undefined: the one that comes with whitewalker.
 * @throws UserError for one that the network lacks, which says what it has.
 */
export function requireLayers(layers: readonly string[], network: NetworkName = 'vgg19-lite'): void {
  const available = layerNames(convolutionsOf(topologies[network]));
  const layer = layers.find((name) => !available.includes(name));
  if (layer === undefined) return;
  const names = available.filter((name) => name.startsWith('relu')).join(', ');
  throw new UserError('unknown-layer', { layer, network: networkTitles[network], layers: names });
}
