import { convolutionsOf, type Topology } from '../../topology.js';
import type { Tensor } from '../safetensors.js';
import { weightsError } from '../weights-error.js';
import type { ForeignConvolution, ForeignLayout } from './recognise-network.js';

// This file knows the two ways in which safetensors files name VGG's tensors: ours and torchvision's.

/** Our names, such as conv1_1.weight. */
const ourName = /^conv(\d+_\d+)\.(weight|bias)$/;

/** torchvision's names, such as features.0.weight; `features` are the layers in front of the fully connected ones. */
const torchvisionName = /^(?:features\.)?(\d+)\.(\w+)$/;

/** Whether a tensor's name may be a convolution's. Fully connected layers are seven times as large as all of those. */
export function isConvolutional(tensor: string): boolean {
  return !/^(?:classifier|pre_logits|head)\./.test(tensor);
}

/**
 * Finds the convolutions in a safetensors file with our names or torchvision's, and passes over fully connected layers.
 * @throws `weights/not-importable` where the names are neither, or the network has batch normalisation.
 */
export function safetensorsLayout(tensors: ReadonlyMap<string, Tensor>, fileName: string): ForeignLayout {
  const bad = (problem: string, tensor?: string) =>
    weightsError({
      code: 'not-importable',
      file: fileName,
      tensor,
      problem,
      remedy:
        'Needed are VGG16 or VGG19 with the names conv1_1.weight, … or those of torchvision, features.0.weight, …',
    });
  const names = [...tensors.keys()];
  const isOurs = names.some((name) => ourName.test(name));
  const pattern = isOurs ? ourName : torchvisionName;
  const parts = new Map<string, { kernel?: Tensor; bias?: Tensor }>();
  for (const [name, tensor] of tensors) {
    const [, key, part] = pattern.exec(name) ?? [];
    if (key === undefined) continue;
    if (part?.startsWith('running_'))
      throw bad('belongs to a batch normalisation, which VGG as it is used here has not', name);
    const member = part === 'weight' ? 'kernel' : part === 'bias' ? 'bias' : undefined;
    if (member === undefined) throw bad('is neither weight nor bias', name);
    parts.set(key, { ...parts.get(key), [member]: tensor });
  }
  if (parts.size === 0)
    throw bad(`has no names that are known (it begins with ${names.slice(0, 3).join(', ') || 'none'})`);
  const convolutions = new Map<string, ForeignConvolution>();
  for (const [key, { kernel, bias }] of parts) {
    if (!kernel || !bias)
      throw bad(`has no ${kernel ? 'bias' : 'weight'} for ${isOurs ? `conv${key}` : `features.${key}`}`);
    convolutions.set(key, { kernel, bias });
  }
  return isOurs
    ? { title: 'whitewalker', convolutions, keysOf: (topology) => convolutionsOf(topology).map(({ name }) => name) }
    : { title: 'PyTorch', convolutions, keysOf: torchvisionKeys };
}

/** torchvision's keys, which number convolutions, ReLUs and poolings through: 0, 2, then 5 after the first pooling. */
function torchvisionKeys(topology: Topology): readonly string[] {
  return convolutionsOf(topology).map(({ block }, index) => String(2 * index + block - 1));
}
