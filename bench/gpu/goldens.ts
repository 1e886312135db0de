import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Activations, Engine, Gram } from '../../src/engine/engine.js';
import { loadNetwork, type Network } from '../../src/engine/weights/network.js';
import { readSafetensors } from '../../src/engine/weights/safetensors.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { packageRoot } from '../../src/package-root.js';

const layerNumbers = z.record(z.string(), z.number());
const expectation = z.object({
  weights: z.string(),
  pooling: z.enum(['max', 'average']),
  content: z.string(),
  style: z.string(),
  contentLayers: layerNumbers,
  styleLayers: layerNumbers,
  lossWeights: z.object({ content: z.number(), style: z.number() }),
  atImage: z.object({ content: layerNumbers, style: layerNumbers }),
});

/** How an engine's results differ from PyTorch's. */
export interface GoldenComparison {
  readonly golden: string;
  /** The largest relative error of a term. */
  readonly terms: number;
  /** The cosine of the gradient with the processor's, which tests hold against PyTorch's. */
  readonly cosine: number;
  readonly holds: boolean;
}

/** Compares an engine with the results of PyTorch in GOLDEN_DIR, and in this repository where it is a clone. */
export async function compareGoldens(
  open: (network: Network) => Engine,
  openReference: (network: Network) => Engine,
): Promise<readonly GoldenComparison[]> {
  const folders = [process.env.GOLDEN_DIR, join(packageRoot(), 'test/fixtures/golden')]
    .filter((folder) => folder !== undefined && existsSync(folder))
    .flatMap((folder = '') => [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    .filter((folder) => existsSync(join(folder, 'expected.json')));
  const comparisons: GoldenComparison[] = [];
  for (const folder of folders) comparisons.push(await compare(folder, open, openReference));
  return comparisons;
}

async function compare(
  folder: string,
  open: (network: Network) => Engine,
  openReference: (network: Network) => Engine,
): Promise<GoldenComparison> {
  const expected = expectation.parse(JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')));
  const weights = [folder, resolve(folder, '../../weights'), join(packageRoot(), 'weights'), dirname(folder)]
    .map((place) => join(place, expected.weights))
    .find((path) => existsSync(path));
  const network = await loadNetwork(weights ?? expected.weights, { pooling: expected.pooling });
  const { tensors } = await readSafetensors(join(folder, 'tensors.safetensors'));
  const { data = new Float32Array(), shape: [, , height = 0, width = 0] = [] } = tensors.get('image') ?? {};
  const evaluate = async (engine: Engine) => {
    const picture = async (name: string) => (await decodePicture(await readFile(resolve(folder, name)))).image;
    const { activations } = await engine.features(await picture(expected.content), {
      activations: Object.keys(expected.contentLayers),
    });
    const { grams } = await engine.features(await picture(expected.style), {
      grams: Object.keys(expected.styleLayers),
    });
    const term = <Target extends Activations | Gram>(
      [layer, target]: [string, Target],
      weight: number | undefined,
    ) => ({
      layer,
      weight: weight ?? 0,
      target,
    });
    const { content, style } = expected.lossWeights;
    const prepared = await engine.prepare({
      content: [...activations].map((one) => term(one, content * (expected.contentLayers[one[0]] ?? 0))),
      style: [...grams].map((one) => term(one, style * (expected.styleLayers[one[0]] ?? 0))),
    });
    const evaluation = await prepared.evaluate({ width, height, data });
    await engine.dispose();
    return evaluation;
  };
  const actual = await evaluate(open(network));
  const reference = await evaluate(openReference(network));
  const errors = (['content', 'style'] as const).flatMap((kind) =>
    Object.entries(expected.atImage[kind]).map(([layer, value]) =>
      Math.abs((actual[kind].get(layer) ?? Number.NaN) / value - 1),
    ),
  );
  const terms = Math.max(...errors);
  const cosine = cosineOf(actual.gradient, reference.gradient);
  return { golden: folder, terms, cosine, holds: terms < 1e-4 && cosine >= 0.9999 };
}

function cosineOf(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? Number.NaN), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
