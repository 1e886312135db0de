import { Argument, Command, Option } from 'commander';
import { isCoded } from '../coded-error.js';
import type { Config } from '../config.js';
import { type NetworkName, networkNames, networkTitles } from '../engine/topology.js';
import { availableNetworks } from '../engine/weights/bundled.js';
import { downloadWeights } from '../engine/weights/download/download-weights.js';
import { importWeights } from '../engine/weights/import/import-weights.js';
import type { Manifest } from '../engine/weights/manifest.js';
import { verifyWeights, type WeightsReport } from '../engine/weights/verify-weights.js';
import { fetchCommand } from '../engine/weights/weights-error.js';
import { DownloadDisplay, megabytes } from './download-display.js';
import { note, say } from './standard-streams.js';
import { onStopSignal } from './stop-signals.js';

/** `whitewalker weights list|download|verify|import` manages the full networks, which don't come with the program. */
export function weightsCommand(config: Pick<Config, 'weightsMirror'>): Command {
  const group = new Command('weights').summary('fetch and check the weights of VGG19 and VGG16');
  group
    .command('list')
    .summary('list the networks, and which are here')
    .action(async () => {
      for (const network of networkNames) say(await lineFor(network));
    });
  group
    .command('download')
    .summary("fetch a network's weights")
    .addArgument(new Argument('<network>', 'which one').choices(networkNames))
    .action((network: NetworkName) => interruptibly((signal) => download(network, config, signal)));
  group
    .command('verify')
    .summary('check the weights that are here; exit code 1 where something is wrong')
    .addArgument(new Argument('[network]', 'which one (default: all that are here)').choices(networkNames))
    .action(async (network?: NetworkName) => {
      for (const name of network ? [network] : availableNetworks()) await verify(name);
    });
  group
    .command('import')
    .summary('take in a file that was fetched by hand')
    .argument('<file>', "Keras' HDF5 file, or safetensors with our names or those of PyTorch's torchvision")
    .addOption(new Option('--network <name>', 'which network it is (default: found out)').choices(networkNames))
    .action((file: string, { network }: { network?: NetworkName }) =>
      interruptibly(async (signal) => {
        const installed = await importWeights(file, {
          manifest: await readManifest(),
          network,
          signal,
          onWait: (holder) => note(`Waiting for another process${holder ? ` (${holder.pid})` : ''}.`),
        });
        const { path, bytes, convolutions } = installed;
        say(`${installed.network} is ready: ${convolutions} convolutions, ${megabytes(bytes)}, ${path}`);
      }),
    );
  return group;
}

async function download(
  network: NetworkName,
  { weightsMirror }: Pick<Config, 'weightsMirror'>,
  signal: AbortSignal,
): Promise<void> {
  const manifest = await readManifest();
  const display = new DownloadDisplay(process.stderr, network);
  try {
    const { path, bytes, sha256, wasThere } = await downloadWeights(network, {
      manifest,
      mirror: weightsMirror,
      signal,
      onEvent: (event) => display.show(event),
    });
    display.stop();
    if (wasThere) {
      say(`${network} is there already, and sound: ${path}`);
    } else {
      say(`${network} is ready: ${path} (${megabytes(bytes)}, SHA-256 ${sha256})`);
      note(`Licence: ${manifest[network].licence}. ${manifest[network].citation}.`);
    }
  } finally {
    display.stop();
  }
}

async function verify(network: NetworkName): Promise<void> {
  const manifest = await readManifest();
  const report = await verifyWeights(manifest[network]);
  for (const fault of report.faults) say(`${network}: FAULT: ${fault}`);
  if (report.faults.length > 0) {
    process.exitCode = 1;
    return;
  }
  const { path, bytes, sha256, isVouchedFor } = report;
  const digest = isVouchedFor ? `SHA-256 ${sha256}` : `SHA-256 ${sha256}, with none recorded to compare it with`;
  say(`${network}: ok, ${megabytes(bytes)}, ${depthOf(report)}${digest}, ${path}`);
}

async function lineFor(network: NetworkName): Promise<string> {
  const { [network]: entry } = await readManifest();
  const title = networkTitles[network].padEnd(10);
  if (!availableNetworks().includes(network)) {
    const size = entry.bytes === undefined ? '' : `, ${megabytes(entry.bytes)}`;
    return `${title} not here${size}: ${fetchCommand(network)}`;
  }
  const report = await verifyWeights(entry);
  const state =
    report.faults.length > 0 ? 'damaged, see `whitewalker weights verify`' : `${depthOf(report)}${entry.licence}`;
  return `${title} ${entry.sources.length === 0 ? 'comes with the program' : 'here'}, ${megabytes(report.bytes)}, ${state}`;
}

/** Returns how many convolutions a weights file has, as part of a sentence; empty if it has all of its network. */
function depthOf({ convolutions }: WeightsReport): string {
  if (!convolutions || convolutions.loaded === convolutions.all) return '';
  return `the first ${convolutions.loaded} of ${convolutions.all} convolutions only, `;
}

/** Reads the manifest of weights. Its schemas take 50 ms to load, which no other command should wait for. */
async function readManifest(): Promise<Manifest> {
  return (await import('../engine/weights/manifest.js')).readManifest();
}

/**
 * Runs an action that Ctrl-C, and other signals that ask the process to end, stop with a message and the exit code that
 * tells which it was, such as 130. A second one ends the process at once.
 */
async function interruptibly(action: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let codeOfSignal: number | undefined;
  const forget = onStopSignal((exitCode) => {
    codeOfSignal = exitCode;
    controller.abort();
  });
  try {
    await action(controller.signal);
  } catch (error) {
    if (codeOfSignal === undefined) throw error;
    note(isCoded(error, 'weights') ? `whitewalker: ${error.message}` : 'Stopped.');
    process.exitCode = codeOfSignal;
  } finally {
    forget();
  }
}
