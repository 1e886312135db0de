import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import sharp from 'sharp';
import { loadNetwork } from '../../src/engine/weights/network.js';
import { readSafetensors } from '../../src/engine/weights/safetensors.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { packageRoot } from '../../src/package-root.js';
import { pytorchResults, realVgg19 } from '../shared-folder.js';

/** The contents of expected.json: what PyTorch computed. */
export interface Expected {
  readonly weights: string;
  readonly pooling: 'max' | 'average';
  readonly content: string;
  readonly style: string;
  readonly contentLayers: Readonly<Record<string, number>>;
  readonly styleLayers: Readonly<Record<string, number>>;
  readonly lossWeights: { readonly content: number; readonly style: number; readonly tv: number };
  readonly activationsOfContent: Readonly<
    Record<string, { shape: number[]; mean: number; std: number; min: number; max: number }>
  >;
  readonly atImage: {
    readonly loss: number;
    readonly content: Readonly<Record<string, number>>;
    readonly style: Readonly<Record<string, number>>;
    readonly tv: number;
  };
  readonly lbfgs: { readonly history: number; readonly evaluations: number; readonly final: { readonly loss: number } };
}

/** Results of PyTorch to compare with: a directory with expected.json and tensors.safetensors. */
export interface Golden {
  readonly name: string;
  readonly expected: Expected;
  readonly weightsPath: string | undefined;
  network(): ReturnType<typeof loadNetwork>;
  content(): Promise<RgbImage>;
  style(): Promise<RgbImage>;
  /** Reads the image at which PyTorch evaluated loss and gradient, and that gradient. */
  image(): Promise<{ image: RgbImage; gradient: Float32Array }>;
}

const root = packageRoot();

/** Finds all golden results: the repository's own, those in GOLDEN_DIR, and those beside the checkout. */
export function goldens(): readonly Golden[] {
  const roots = [join(root, 'test/fixtures/golden'), process.env.GOLDEN_DIR, pytorchResults.path];
  const directories = roots
    .filter((path) => path !== undefined && existsSync(path))
    .flatMap((path) => {
      const folder = path ?? '';
      if (existsSync(join(folder, 'expected.json'))) return [folder];
      return readdirSync(folder)
        .map((name) => join(folder, name))
        .filter((name) => existsSync(join(name, 'expected.json')));
    });
  return [...new Set(directories)].map(goldenOf);
}

function goldenOf(directory: string): Golden {
  const expected: Expected = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8'));
  const weightsPath = [directory, resolve(directory, '../../weights'), join(root, 'weights'), dirname(realVgg19.path)]
    .map((folder) => join(folder, expected.weights))
    .find(existsSync);
  return {
    name: `${basename(directory)} in ${basename(dirname(dirname(directory)))}`,
    expected,
    weightsPath,
    network: () => loadNetwork(weightsPath ?? expected.weights, { pooling: expected.pooling }),
    content: () => readPng(resolve(directory, expected.content)),
    style: () => readPng(resolve(directory, expected.style)),
    image: async () => {
      const { tensors } = await readSafetensors(join(directory, 'tensors.safetensors'));
      const image = tensors.get('image');
      const gradient = tensors.get('gradient');
      if (!image || !gradient) throw new Error(`tensors.safetensors in ${directory} lacks image or gradient`);
      const [, , height = 0, width = 0] = image.shape;
      return { image: { width, height, data: image.data }, gradient: gradient.data };
    },
  };
}

async function readPng(path: string): Promise<RgbImage> {
  const { data, info } = await sharp(readFileSync(path)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const area = info.width * info.height;
  const planar = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) planar[channel * area + i] = (data[i * 3 + channel] ?? 0) / 255;
  }
  return { width: info.width, height: info.height, data: planar };
}
