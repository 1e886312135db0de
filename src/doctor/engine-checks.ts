import { chooseEngine, type EngineName } from '../engine/choose-engine.js';
import { networkFor } from '../engine/choose-network.js';
import { findGpu, probeGpu } from '../engine/gpu-probe.js';
import { openEngine } from '../engine/open-engine.js';
import { type NetworkName, networkNames } from '../engine/topology.js';
import { availableNetworks } from '../engine/weights/bundled.js';
import { readManifest } from '../engine/weights/manifest.js';
import { verifyWeights } from '../engine/weights/verify-weights.js';
import { fetchCommand } from '../engine/weights/weights-error.js';
import { largestSide, usualLayers } from '../transfer/transfer-memory.js';
import type { Qualities, Quality } from '../works/quality.js';
import { type CompleteQualities, qualities as qualityNames, withNetworks } from '../works/quality.js';
import { type Finding, failure, ok } from './finding.js';
import { measuredSeconds, measuredSide, qualitySeconds } from './speed.js';

/** Settings that decide about engine, networks and speed. */
export interface EngineSettings {
  readonly engine: EngineName;
  readonly network: NetworkName | undefined;
  readonly threads: number | undefined;
  readonly qualities: Qualities;
  /** The memory that each picture may take, in bytes; undefined where it is a GPU's. */
  readonly memoryBytes: number | undefined;
}

/** Finds out which engine computes, which networks are here and whole, and how fast all that is. */
export async function checkEngine(settings: EngineSettings): Promise<readonly Finding[]> {
  const gpu = await probeGpu(settings.engine);
  const { engine, reason } = await chooseEngine(settings.engine, findGpu);
  const findings: Finding[] = [ok('engine', `${engine}: ${reason}.`), ...(await checkNetworks(gpu.answers))];
  const complete = withNetworks(
    settings.qualities,
    settings.network,
    (requested) => networkFor(requested, gpu.answers).network,
  );
  for (const [network, names] of groupByNetwork(complete)) {
    // What there is no memory for takes no time either, and the check of the memory has said so.
    const possible = names.filter((name) => hasMemory(network, complete[name].size, settings.memoryBytes));
    if (possible.length > 0) findings.push(await checkSpeed(network, possible, complete, settings));
  }
  return findings;
}

async function checkNetworks(gpu: boolean): Promise<readonly Finding[]> {
  const manifest = readManifest();
  const available = availableNetworks();
  return Promise.all(
    networkNames.map(async (network) => {
      if (!available.includes(network))
        return ok(
          'network',
          gpu && network === 'vgg19'
            ? `vgg19 is not here; with this GPU it would be what paints, once \`${fetchCommand(network)}\` has fetched it.`
            : `${network} is not here; \`${fetchCommand(network)}\` fetches it.`,
        );
      const { faults, isVouchedFor, convolutions } = await verifyWeights(manifest[network]);
      if (faults.length > 0) return failure('network', `${network}: ${faults.join(' ')}`, 'Fetch or install it again.');
      const count = `${convolutions?.loaded} of ${convolutions?.all} convolutions`;
      return ok(
        'network',
        `${network} is here, ${count}, ${isVouchedFor ? 'digest as recorded' : 'no digest on record'}.`,
      );
    }),
  );
}

async function checkSpeed(
  network: NetworkName,
  names: readonly Quality[],
  complete: CompleteQualities,
  { engine, threads }: EngineSettings,
): Promise<Finding> {
  const opened = await openEngine({ engine, network, threads });
  try {
    const seconds = await measuredSeconds(opened);
    const times = names.map((name) => `${name} ${Math.round(qualitySeconds(complete[name], seconds))} s`);
    const measured = `${(1000 * seconds).toFixed(0)} ms an evaluation at ${measuredSide}²`;
    return ok('speed', `${network} on ${opened.name}: ${measured}; a picture takes about ${times.join(', ')}.`);
  } finally {
    await opened.dispose();
  }
}

function hasMemory(network: NetworkName, size: number, memoryBytes: number | undefined): boolean {
  const square = { width: size, height: size };
  return (
    memoryBytes === undefined || largestSide(network, square, memoryBytes, { layers: usualLayers(network) }) >= size
  );
}

function groupByNetwork(complete: CompleteQualities): ReadonlyMap<NetworkName, readonly Quality[]> {
  const groups = new Map<NetworkName, Quality[]>();
  for (const name of qualityNames) {
    const { network } = complete[name];
    groups.set(network, [...(groups.get(network) ?? []), name]);
  }
  return groups;
}
