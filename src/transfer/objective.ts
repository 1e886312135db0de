import type { Activations, Engine, PerceptualEvaluation, WeightMap } from '../engine/engine.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Mask } from './area/mask.js';
import { PinnedPixels } from './area/pinned-pixels.js';
import type { LayerWeights, TransferLayers } from './layers.js';
import type { Evaluation, Objective } from './optimizers/optimizer.js';
import type { WeightedStyle } from './pictures.js';
import { boxPenalty, totalVariation } from './pixel-losses.js';
import { protectionMap } from './protection.js';
import { styleLayersFor } from './style-layers.js';
import { blendedTargets, type StyleStatistic } from './style-statistics.js';

/** How much each part of the loss counts. */
export interface LossWeights {
  readonly content: number;
  readonly style: number;
  /** Total variation. */
  readonly tv: number;
}

/** The parts of the loss, unweighted but for the layer weights inside content and style. */
export interface LossTerms {
  /** weights.content · content + weights.style · style + weights.tv · tv + the box penalty. */
  readonly total: number;
  /** Σ layer weight · mean((F − Fc)²) / mean(Fc²). */
  readonly content: number;
  /** Σ layer weight · Σ(G − Gs)² / ΣGs², or the same of means and covariances; with the weights of {@link styleLayersFor}. */
  readonly style: number;
  /** mean(dx²) + mean(dy²). */
  readonly tv: number;
  /** Unweighted, by layer. */
  readonly contentLayers: Readonly<Record<string, number>>;
  readonly styleLayers: Readonly<Record<string, number>>;
}

/** The loss and gradient of a picture, with the parts that the loss is made of. */
export interface TransferEvaluation extends Evaluation {
  readonly terms: LossTerms;
}

/**
 * Weight of the box penalty. Relative errors are of the order of 1, squared distances from [0, 1] of 0.001 where many pixels
 * are off by a few percent: a weight of 10 makes that count without dominating.
 */
const boxWeight = 10;

/** What {@link transferObjective} compares with, at one scale. */
export interface TransferTargets {
  /** Of the size of the pictures that are to be evaluated; not needed where there are no content layers. */
  readonly content?: RgbImage;
  /** With weights that add up to 1; none are needed where there are no style layers. */
  readonly styles: readonly WeightedStyle[];
  readonly layers: TransferLayers;
  readonly weights: LossWeights;
  /** What style is compared by. Default: Gram matrices. */
  readonly statistic?: StyleStatistic;
  /** How much fine structure of the content is protected, from 0 to 1; see {@link protectionMap}. Default 0. */
  readonly protect?: number;
  /** Where the picture is styled, of the content's size; it is held to the content elsewhere. Default: everywhere. */
  readonly area?: Mask | undefined;
  /** Where the picture's style is looked at, of the size of the pictures that are to be evaluated. Default: the area. */
  readonly styleMap?: WeightMap | undefined;
}

/**
 * Gatys et al.'s loss (2016, eq. 7) in its relative form, as a function of the pixels of a picture of that size:
 * content · Σ wₗ mean((F − Fc)²)/mean(Fc²) + style · Σ wₗ Σ(G − Gs)²/ΣGs² + tv · total variation + a box penalty.
 * Being relative, the weights mean the same for every network and size; the original divides by constants instead.
 */
export async function transferObjective(
  engine: Engine,
  { width, height }: { readonly width: number; readonly height: number },
  targets: TransferTargets,
): Promise<Objective<TransferEvaluation>> {
  const { content, styles, weights, statistic = 'gram', area, styleMap = area } = targets;
  const layers = { content: targets.layers.content, style: styleLayersFor(targets.layers.style, { statistic, area }) };
  const activations = await contentActivations(engine, content, Object.keys(layers.content));
  const styleTargets = await blendedTargets(engine, styles, Object.keys(layers.style), statistic);
  const prepared = await engine.prepare({
    content: termsOf(layers.content, activations, weights.content, contentMap(targets)),
    style: termsOf(layers.style, styleTargets, weights.style, styleMap),
  });
  const pins = content && area ? new PinnedPixels(content, area) : undefined;
  return async (data) => {
    const seen = { width, height, data: pins ? pins.seen(data) : data };
    const perceptual = await prepared.evaluate(seen);
    const { gradient } = perceptual;
    const tv = totalVariation(seen, { gradient, weight: weights.tv });
    pins?.pullBack(gradient);
    // Of what is painted, not of what is seen of it: else it could go anywhere under a faint mask.
    const box = boxPenalty({ width, height, data }, { gradient, weight: boxWeight });
    const loss = perceptual.loss + weights.tv * tv + boxWeight * box;
    return { loss, gradient, terms: lossTerms(loss, tv, perceptual, layers) };
  };
}

/** How much the content counts where; undefined: everywhere the same. */
function contentMap({ content, protect = 0, area }: TransferTargets): WeightMap | undefined {
  return content && protect > 0 ? protectionMap(content, protect, area) : area;
}

async function contentActivations(
  engine: Engine,
  content: RgbImage | undefined,
  layers: readonly string[],
): Promise<ReadonlyMap<string, Activations>> {
  if (!content || layers.length === 0) return new Map();
  return (await engine.features(content, { activations: layers })).activations;
}

function termsOf<Target>(
  layers: LayerWeights,
  targets: ReadonlyMap<string, Target>,
  weight: number,
  map: WeightMap | undefined,
) {
  return Object.entries(layers).map(([layer, layerWeight]) => {
    const target = targets.get(layer);
    if (!target) throw new TypeError(`Expected a picture to compare ${layer} with, got none`);
    return { layer, weight: weight * layerWeight, target, ...(map && { map }) };
  });
}

function lossTerms(
  total: number,
  tv: number,
  { content, style }: PerceptualEvaluation,
  layers: TransferLayers,
): LossTerms {
  return {
    total,
    content: weightedSum(layers.content, content),
    style: weightedSum(layers.style, style),
    tv,
    contentLayers: Object.fromEntries(content),
    styleLayers: Object.fromEntries(style),
  };
}

function weightedSum(weights: LayerWeights, terms: ReadonlyMap<string, number>): number {
  return Object.entries(weights).reduce((sum, [layer, weight]) => sum + weight * (terms.get(layer) ?? 0), 0);
}
