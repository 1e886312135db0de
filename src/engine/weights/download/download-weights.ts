import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CodedError, isCoded } from '../../../coded-error.js';
import type { NetworkName } from '../../topology.js';
import { bundledWeights } from '../bundled.js';
import { type InstalledWeights, installPublished, lockWeights, publishedOrigin } from '../import/import-weights.js';
import type { Digest, Manifest, ManifestEntry } from '../manifest.js';
import { verifyWeights } from '../verify-weights.js';
import { importCommand, weightsError } from '../weights-error.js';
import { digestOfFile, removeUnfinished } from '../weights-file.js';
import { PartialFile } from './partial-file.js';
import { downloadResumably, type Patience } from './resumable-download.js';
import { sourceError } from './source-error.js';

/** The events of a download, for showing its progress. */
export type DownloadEvent =
  /** The download waits for another process that is fetching the same weights. */
  | { readonly kind: 'waiting'; readonly pid: number | undefined }
  /** The download from a source begins; `received` is the number of bytes that an earlier attempt has left. */
  | { readonly kind: 'source'; readonly address: string; readonly received: number }
  | { readonly kind: 'progress'; readonly received: number; readonly total: number | undefined }
  | { readonly kind: 'retry'; readonly error: CodedError; readonly pauseMs: number }
  | { readonly kind: 'source-failed'; readonly error: CodedError }
  | { readonly kind: 'converting' };

export interface DownloadWeightsOptions {
  readonly manifest: Manifest;
  /** Address of a mirror's folder with the files under their published names; it is tried before all other sources. */
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: DownloadEvent) => void) | undefined;
  readonly patience?: Patience | undefined;
}

/** The weights that a download ended with. */
export interface DownloadedWeights extends Pick<InstalledWeights, 'network' | 'path' | 'bytes' | 'sha256'> {
  /** Whether the weights were there already, whole and sound, so that nothing was downloaded. */
  readonly wasThere: boolean;
}

/**
 * Downloads a network's weights, checks their digest, converts them and puts them where whitewalker looks for them.
 * Processes that do so at once wait for one another; an earlier attempt that was stopped is continued.
 *
 * @throws `weights/no-source` for a network that comes with the program, `weights/not-downloaded` where no source has
 *   the file, with every source's reason, `weights/disk-full`, `weights/not-writable`, or `weights/interrupted` where
 *   the signal stopped the download. An error leaves only a beginning of the file, which the next attempt continues.
 */
export async function downloadWeights(
  network: NetworkName,
  { manifest, mirror, signal = new AbortController().signal, onEvent = () => {}, patience }: DownloadWeightsOptions,
): Promise<DownloadedWeights> {
  const entry = manifest[network];
  if (entry.sources.length === 0) return included(entry);
  const partPath = join(dirname(bundledWeights(network)), `${entry.file}.part`);
  try {
    const lock = await lockWeights(network, {
      signal,
      onWait: (holder) => onEvent({ kind: 'waiting', pid: holder?.pid }),
    });
    try {
      const { path, bytes, sha256, faults, convolutions, origin } = await verifyWeights(entry);
      const part = await PartialFile.open(partPath);
      await removeUnfinished(path);
      // Weights that somebody has imported may lack the last convolutions: then the whole published file is fetched.
      const isWhole = convolutions?.loaded === convolutions?.all || origin === publishedOrigin(entry);
      if (faults.length === 0 && sha256 !== undefined && isWhole) {
        await part.discard();
        return { network, path, bytes, sha256, wasThere: true };
      }
      await fetchFromAny(entry, mirror, part, { signal, onEvent, patience });
      onEvent({ kind: 'converting' });
      return { ...(await convert(part, network, manifest)), wasThere: false };
    } finally {
      lock.release();
    }
  } catch (error) {
    if (signal.aborted && !isCoded(error, 'weights')) throw await interrupted(entry, partPath);
    throw error;
  }
}

interface Fetching extends Pick<DownloadWeightsOptions, 'patience'> {
  readonly signal: AbortSignal;
  readonly onEvent: (event: DownloadEvent) => void;
}

/** Downloads the whole published file from the first source that has it, and checks its digest. */
async function fetchFromAny(
  entry: ManifestEntry,
  mirror: string | undefined,
  part: PartialFile,
  fetching: Fetching,
): Promise<void> {
  const ofMirror = mirror === undefined ? [] : [`${mirror.replace(/\/+$/, '')}/${entry.file}`];
  const errors: CodedError[] = [];
  for (const address of [...ofMirror, ...entry.sources]) {
    try {
      await fetchFrom(address, entry, part, fetching);
      return;
    } catch (error) {
      if (!isCoded(error, 'source')) throw error;
      fetching.onEvent({ kind: 'source-failed', error });
      errors.push(error);
    }
  }
  throw notDownloaded(entry, errors);
}

async function fetchFrom(address: string, entry: ManifestEntry, part: PartialFile, fetching: Fetching): Promise<void> {
  const { signal, onEvent, patience } = fetching;
  const { bytes, digest } = entry;
  // A file put together from parts is tried twice: the parts may not fit, which says nothing against the source.
  for (const isLast of [false, true]) {
    onEvent({ kind: 'source', address, received: part.size });
    const { isPatched } = await downloadResumably({
      address,
      part,
      bytes,
      signal,
      patience,
      onBegin: (total) => checkRoom(part, total),
      onProgress: (received, total) => onEvent({ kind: 'progress', received, total }),
      onRetry: (error, pauseMs) => onEvent({ kind: 'retry', error, pauseMs }),
    });
    const found = await digestOfFile(part.path, digest.algorithm);
    if (found === digest.hex) return;
    const error = wrongDigest(address, part.size, found, digest);
    await part.discard();
    if (isLast || !isPatched) throw error;
    onEvent({ kind: 'retry', error, pauseMs: 0 });
  }
}

function wrongDigest(address: string, size: number, found: string, { algorithm, hex }: Digest): CodedError {
  const title = algorithm === 'md5' ? 'MD5' : 'SHA-256';
  const message = `sent ${size} bytes with the ${title} ${found}, expected is ${hex}: another file, or a damaged one`;
  return sourceError('wrong-digest', address, message);
}

/** Checks that the disk has room for the rest of the download and for the converted weights beside it. */
async function checkRoom(part: PartialFile, total: number | undefined): Promise<void> {
  if (total === undefined) return;
  const disk = await statfs(dirname(part.path)).catch(() => undefined);
  const free = disk ? disk.bavail * disk.bsize : Number.POSITIVE_INFINITY;
  const needed = total - part.size + total;
  if (free >= needed) return;
  const megabytes = (size: number) => Math.ceil(size / 1e6);
  throw weightsError({
    code: 'disk-full',
    file: part.path,
    problem: `needs ${megabytes(needed)} MB on the disk, of which ${megabytes(free)} MB are free`,
    remedy: 'Make room and try again: what has arrived is kept.',
  });
}

/** Converts the download, and removes it then; it is kept only where the converted weights can't be written. */
async function convert(part: PartialFile, network: NetworkName, manifest: Manifest): Promise<InstalledWeights> {
  try {
    const installed = await installPublished(part.path, network, manifest);
    await part.discard();
    return installed;
  } catch (error) {
    const isOurs = isCoded(error, 'weights') && (error.code === 'disk-full' || error.code === 'not-writable');
    if (!isOurs) await part.discard();
    throw error;
  }
}

function included({ network }: ManifestEntry): never {
  throw weightsError({
    code: 'no-source',
    file: bundledWeights(network),
    problem: `${network} comes with the program and is not downloaded`,
    remedy: 'Where it is damaged, install the program again.',
  });
}

function notDownloaded({ network, file, sources }: ManifestEntry, errors: readonly CodedError[]): CodedError {
  const reasons = errors.map((error) => `\n  ${error.context.host} ${error.message}`);
  return weightsError({
    code: 'not-downloaded',
    file: network,
    problem: `could not be downloaded:${reasons.join(';')}`,
    remedy: `Try again later, or fetch ${file} by hand from ${sources[0]} and run \`${importCommand(file)}\`. Until then vgg19-lite is there, which comes with the program.`,
    cause: errors.at(-1),
  });
}

async function interrupted({ network }: ManifestEntry, partPath: string): Promise<CodedError> {
  const { size } = await PartialFile.open(partPath);
  return weightsError({
    code: 'interrupted',
    file: network,
    problem: 'the download was stopped',
    remedy:
      size > 0
        ? `${(size / 1e6).toFixed(1)} MB are kept in ${partPath}; the same command goes on from there.`
        : 'Nothing was kept; run the same command to begin again.',
  });
}
