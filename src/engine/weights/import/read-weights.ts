import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { isNetworkName, isPooling, type NetworkName, type Pooling } from '../../topology.js';
import type { ManifestEntry } from '../manifest.js';
import { looksLikeMarkup } from '../markup.js';
import { isPreprocessingName, type PreprocessingName } from '../preprocessing.js';
import { readSafetensors, serializeSafetensors, type Tensor } from '../safetensors.js';
import { readingError, weightsError } from '../weights-error.js';
import { hdf5Signature, readKerasWeights } from './keras-weights.js';
import { recogniseNetwork } from './recognise-network.js';
import { isConvolutional, safetensorsLayout } from './safetensors-layouts.js';

/** Weights that were read from a file of any program, with the tensor names and metadata of our own files. */
export interface ReadWeights {
  readonly network: NetworkName;
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

export interface ReadWeightsOptions {
  /** The manifest, which has the licences for files that state none themselves. */
  readonly manifest: Readonly<Record<NetworkName, Pick<ManifestEntry, 'licence'>>>;
  /** The network that the file must hold; undefined accepts any. */
  readonly network?: NetworkName | undefined;
  /** Where the file is from, for the metadata. Default: the origin in its own metadata, or its name. */
  readonly origin?: string | undefined;
}

/**
 * Reads a network's weights from a file of Keras (HDF5), of PyTorch (safetensors with torchvision's names) or of our
 * own. Values are taken over as they are, and the preprocessing that they were trained with is written into the
 * metadata: Keras' weights want BGR less ImageNet's means, torchvision's RGB scaled by ImageNet's means and deviations.
 *
 * @throws `weights/…` that says what the file is instead, and what to do.
 */
export async function readWeights(
  path: string,
  { manifest, network: requested, origin }: ReadWeightsOptions,
): Promise<ReadWeights> {
  if ((await kindOf(path)) === 'hdf5') {
    const { network, tensors } = recogniseNetwork(await readKerasWeights(path), path, requested);
    const { licence } = manifest[network];
    const from = origin ?? `Keras: ${basename(path)}`;
    return { network, tensors, metadata: metadataOf(network, 'max', 'caffe-bgr', licence, from) };
  }
  const { tensors: found, metadata } = await readSafetensors(path, isConvolutional);
  const layout = safetensorsLayout(found, path);
  const named = layout.title === 'PyTorch' ? '' : (metadata.get('network') ?? '');
  const { network, tensors } = recogniseNetwork(layout, path, requested ?? (isNetworkName(named) ? named : undefined));
  const pooling = metadata.get('pooling') ?? 'max';
  const preprocessing = metadata.get('preprocessing') ?? (layout.title === 'PyTorch' ? 'torchvision-rgb' : '');
  if (!isPooling(pooling) || !isPreprocessingName(preprocessing)) {
    throw weightsError({
      code: 'unknown-preprocessing',
      file: path,
      problem: `its metadata has the pooling "${pooling}" and the preprocessing "${preprocessing}", of which one is unknown`,
      remedy: 'Take a file that was made for whitewalker, or complete its metadata.',
    });
  }
  const licence = metadata.get('licence') ?? 'not stated';
  const from = origin ?? metadata.get('origin') ?? `${layout.title}: ${basename(path)}`;
  return { network, tensors, metadata: metadataOf(network, pooling, preprocessing, licence, from) };
}

/** Returns weights as the bytes of a safetensors file. */
export function serializeWeights({ tensors, metadata }: ReadWeights): Uint8Array {
  return serializeSafetensors(tensors, metadata);
}

function metadataOf(
  network: NetworkName,
  pooling: Pooling,
  preprocessing: PreprocessingName,
  licence: string,
  origin: string,
): ReadonlyMap<string, string> {
  return new Map(Object.entries({ network, pooling, preprocessing, licence, origin }));
}

/** Tells a file's format by its first bytes. The reader of safetensors gets unknown files and says what is wrong. */
async function kindOf(path: string): Promise<'hdf5' | 'safetensors'> {
  const start = await firstBytes(path, 64);
  if (hdf5Signature.every((byte, index) => start[index] === byte)) return 'hdf5';
  const not = (problem: string, remedy: string) => weightsError({ code: 'not-weights', file: path, problem, remedy });
  if (looksLikeMarkup(start)) {
    throw not(
      'is a web page, not a file of weights',
      'Fetch the file itself; a browser may have to be told "Save link as".',
    );
  }
  // PyTorch writes zip archives, and used to write pickles: both may run code when they are read.
  if ((start[0] === 0x50 && start[1] === 0x4b) || start[0] === 0x80) {
    throw not(
      'seems to be a PyTorch file (.pth), which is not read here, since such files can hold programs',
      'Convert it: python3 -c "import sys, torch, safetensors.torch as s; s.save_file(torch.load(sys.argv[1], weights_only=True), sys.argv[2])" IN.pth OUT.safetensors',
    );
  }
  return 'safetensors';
}

async function firstBytes(path: string, length: number): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw readingError(path, cause, 'Give the path of a file of weights.');
  }
}
