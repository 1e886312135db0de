import {
  type Activations,
  type Engine,
  type PerceptualEvaluation,
  type PreparedObjective,
  type StyleTarget,
  type StyleTerm,
  termName,
  type WeightMap,
} from '../engine/engine.js';
import type { Rectangle } from '../engine/pieces/cut.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Mask } from './area/mask.js';
import { PinnedPixels } from './area/pinned-pixels.js';
import { seenThrough } from './area/window.js';
import { type ComparedPart, comparedParts } from './compared-parts.js';
import { withSharesOfContent } from './content-shares.js';
import type { Evaluation, Objective } from './optimizers/optimizer.js';
import type { WeightedStyle, Zone } from './pictures.js';
import { boxPenalty, type TemporalTarget, temporalError, totalVariation } from './pixel-losses.js';
import { PixelStyle, type PixelTargets, pixelTargets } from './pixels/pixel-style.js';
import { protectionMap } from './protection.js';
import { styleLayersFor } from './style-layers.js';
import { blendedTargets, type StyleStatistic } from './style-statistics.js';
import type { LayerWeights, TransferLayers } from './transfer-layers.js';

/** The weights of the loss's parts. */
export interface LossWeights {
  readonly content: number;
  readonly style: number;
  /** Weight of the picture's own pixels within the style, beside its layers. */
  readonly pixels: number;
  /** Weight of the total variation. */
  readonly tv: number;
}

/** The parts of the loss. They are unweighted, except for the layers' weights in content and style. */
export interface LossTerms {
  /**
   * The loss: weights.content · content + weights.style · (style + weights.pixels · pixels) + weights.tv · tv + the
   * weighted temporal error and box penalty.
   */
  readonly total: number;
  /** The content loss Σ layer weight · mean((F − Fc)²) / mean(Fc²). */
  readonly content: number;
  /**
   * The style loss Σ weight · Σ(G − Gs)² / ΣGs², or that of moments, with the weights of {@link styleLayersFor}; where there
   * are zones, their mean by {@link withSharesOfContent}, and where a part is compared by itself, that on top.
   */
  readonly style: number;
  /** The error of the pixels' statistics, see {@link PixelStyle}; 0 where they don't count. */
  readonly pixels: number;
  /** The total variation mean(dx²) + mean(dy²). */
  readonly tv: number;
  /** The difference from the frame before, see {@link temporalError}; 0 for a picture that stands alone. */
  readonly temporal: number;
  /** The unweighted content errors by layer. */
  readonly contentLayers: Readonly<Record<string, number>>;
  /** The unweighted style errors by layer, and zone where there are any. */
  readonly styleLayers: Readonly<Record<string, number>>;
}

/** The loss and gradient of a picture, with the parts that the loss is made of. */
export interface TransferEvaluation extends Evaluation {
  readonly terms: LossTerms;
}

/**
 * Weight of the box penalty. Relative errors are of the order of 1. Where many pixels are off by a few percent, squared
 * distances from [0, 1] are of the order of 0.001: a weight of 10 makes them count without dominating.
 */
const boxWeight = 10;

/** The targets that {@link transferObjective} compares pictures with, at one scale. */
export interface TransferTargets {
  /** The content, in the size of the pictures that are to be evaluated; not needed without content layers. */
  readonly content?: RgbImage;
  /** The styles, with weights that add up to 1; none are needed without style layers, or where there are zones. */
  readonly styles: readonly WeightedStyle[];
  /**
   * The parts of the area with styles of their own, in the size of the pictures that are to be evaluated. Their masks are
   * within the area, and may overlap. The more of the content a zone has, the more it counts.
   */
  readonly zones?: readonly Zone[] | undefined;
  readonly layers: TransferLayers;
  readonly weights: LossWeights;
  /** The statistics by which style is compared. Default: Gram matrices. */
  readonly statistic?: StyleStatistic;
  /** Strength of protection of the content's fine structure, from 0 to 1; see {@link protectionMap}. Default 0. */
  readonly protect?: number;
  /** Where the picture is styled, in the content's size; elsewhere it is held to the content. Default: everywhere. */
  readonly area?: Mask | undefined;
  /**
   * How much each pixel counts in content and style, in the content's size: within the area, how visible it is. Masks of
   * zones have that in them. Default: the area.
   */
  readonly counts?: Mask | undefined;
  /** Where the picture's style is compared, in the size of the pictures that are to be evaluated. Default: as it counts. */
  readonly styleMap?: WeightMap | undefined;
  /**
   * A part whose style is compared by itself as well, as much as the mask says, in the size of the pictures that are to be
   * evaluated; neither with zones nor with a window. Default: none.
   */
  readonly apart?: Mask | undefined;
  /**
   * The part of the content's picture that is evaluated, see `windowAround`: points are of this part alone. It needs an
   * area. Default: all of it.
   */
  readonly window?: Rectangle | undefined;
  /** What {@link styleTargets} returned for the same styles and layers, to save the time; not with zones. Default: it is asked. */
  readonly style?: StyleTargets | undefined;
  /** The frame before, and how much a difference from it weighs; not with a window. Default: none. */
  readonly temporal?: (TemporalTarget & { readonly weight: number }) | undefined;
  /** Pixels that are held to those of a picture, as the mask says. Default: to the content, outside of the area. */
  readonly held?: HeldPixels | undefined;
}

/** A picture, and a mask that is 0 where another one is held to it and 1 where that one is free. */
export interface HeldPixels {
  readonly picture: RgbImage;
  readonly mask: Mask;
}

/** The statistics of styles, which don't change from frame to frame. */
export interface StyleTargets {
  readonly layers: ReadonlyMap<string, StyleTarget>;
  readonly pixels: PixelTargets;
}

/**
 * Returns the statistics that styles are compared by, for {@link transferObjective}.
 * @throws `engine/…` for layers that the network lacks and for too small pictures.
 */
export async function styleTargets(
  engine: Engine,
  { styles, layers, statistic = 'gram' }: Pick<TransferTargets, 'styles' | 'layers' | 'statistic'>,
): Promise<StyleTargets> {
  return {
    layers: await blendedTargets(engine, styles, Object.keys(layers.style), statistic),
    pixels: pixelTargets(styles),
  };
}

/**
 * Makes the loss function of Gatys et al. (2016, eq. 7), in a relative form, for the pixels of pictures of that size:
 * content · Σ wₗ mean((F − Fc)²)/mean(Fc²) + style · Σ wₗ Σ(G − Gs)²/ΣGs² + tv · total variation + a box penalty; and
 * among the style's terms, one of the pixels themselves.
 * Because it is relative, weights mean the same for every network and size; the original divides by constants instead.
 * @param size - the size of the pictures that are evaluated, or of which a window is.
 * @throws `engine/…` for layers and pictures that don't fit the network; TypeError for layers that lack a target.
 */
export async function transferObjective(
  engine: Engine,
  size: { readonly width: number; readonly height: number },
  targets: TransferTargets,
): Promise<Objective<TransferEvaluation>> {
  const { weights, window, temporal } = targets;
  const seenPart = seenThrough(window);
  const [content, area] = [seenPart(targets.content), seenPart(targets.area)];
  const contentLayers = targets.layers.content;
  const activations = await contentActivations(engine, content, Object.keys(contentLayers));
  const seenParts = comparedParts(targets).map((part) => ({ ...part, map: seenPart(part.map) }));
  const parts: PartWithTargets[] = [];
  for (const part of withSharesOfContent(seenParts, contentLayers, activations)) {
    const known = targets.style ?? (await styleTargets(engine, { ...targets, styles: part.styles }));
    parts.push({ ...part, targets: known });
  }
  const style = parts.flatMap((part) => styleTerms(part, targets));
  const prepared = await engine.prepare({
    content: termsOf(contentLayers, activations, weights.content, seenPart(contentMap(targets))),
    style,
  });
  const loss = { content: contentLayers, style: relativeWeights(style, weights.style) };
  const pixelWeight = weights.style * weights.pixels;
  const { width, height } = window ? sizeOf(window) : size;
  const pixelStyles = pixelWeight > 0 ? parts.map((part) => pixelStyleOf(part, { width, height })) : [];
  const held = targets.held ?? (content && area && { picture: content, mask: area });
  const pins = held && new PinnedPixels(held.picture, held.mask);
  // Outside of a window the content is seen.
  const tvOutside = window && content && targets.content ? variation(targets.content) - variation(content, size) : 0;
  const change = temporal && { error: temporalError(temporal), weight: temporal.weight };
  return evaluating({ prepared, loss, weights, pixelStyles, pins, change, tvOutside, seen: { width, height }, size });
}

/** What is held while pictures of a scale are evaluated. */
interface HeldForEvaluating {
  readonly prepared: PreparedObjective;
  /** The weights of the layers within content and style. */
  readonly loss: TransferLayers;
  readonly weights: LossWeights;
  readonly pixelStyles: readonly ReturnType<typeof pixelStyleOf>[];
  readonly pins: PinnedPixels | undefined;
  /** The temporal error, and its weight. */
  readonly change: { readonly error: ReturnType<typeof temporalError>; readonly weight: number } | undefined;
  /** The total variation of what lies outside of the window. */
  readonly tvOutside: number;
  /** The size of what is evaluated. */
  readonly seen: { readonly width: number; readonly height: number };
  /** The size of the whole picture. */
  readonly size: { readonly width: number; readonly height: number };
}

/** Makes the loss function. It is made here, so that it holds nothing else that its making took, such as the content. */
function evaluating(held: HeldForEvaluating): Objective<TransferEvaluation> {
  const { prepared, loss, weights, pixelStyles, pins, change, tvOutside, size } = held;
  const { width, height } = held.seen;
  const pixelWeight = weights.style * weights.pixels;
  return async (data) => {
    const seen = { width, height, data: pins ? pins.seen(data) : data };
    const asked = prepared.evaluate(seen);
    // Engines on a GPU leave time for the pixels.
    const pixelError = pixelStyles.reduce((sum, { style, share }) => {
      return sum + share * style.error(seen, pixelWeight * share);
    }, 0);
    const perceptual = await asked;
    const { gradient } = perceptual;
    for (const { style } of pixelStyles) style.addGradient(gradient);
    const tv = tvOutside + totalVariation(seen, { gradient, weight: weights.tv }, size);
    const temporal = change ? change.error(seen, { gradient, weight: change.weight }) : 0;
    pins?.pullBack(gradient);
    // The penalty is of the painted picture, not of the seen one: else pixels could go anywhere under a faint mask.
    const box = boxPenalty({ width, height, data }, { gradient, weight: boxWeight }, size);
    const ofFrames = (change?.weight ?? 0) * temporal;
    const total = perceptual.loss + pixelWeight * pixelError + weights.tv * tv + ofFrames + boxWeight * box;
    const terms = { ...networkTerms(perceptual, loss), total, pixels: pixelError, tv, temporal };
    return { loss: total, gradient, terms };
  };
}

function sizeOf({ left, top, right, bottom }: Rectangle) {
  return { width: right - left, height: bottom - top };
}

/** Returns the total variation of a picture, or its part in that of a larger one. */
function variation(picture: RgbImage, whole?: { readonly width: number; readonly height: number }): number {
  return totalVariation(picture, { gradient: new Float32Array(picture.data.length), weight: 0 }, whole);
}

/** A part with the statistics of its styles. */
interface PartWithTargets extends ComparedPart {
  readonly targets: StyleTargets;
}

function styleTerms(
  { name, targets, map, area, share }: PartWithTargets,
  { layers, weights, statistic = 'gram' }: TransferTargets,
): readonly StyleTerm[] {
  const ofPart = styleLayersFor(layers.style, { statistic, area });
  const terms = termsOf(ofPart, targets.layers, weights.style * share, map);
  return name === undefined ? terms : terms.map((term) => ({ ...term, part: name }));
}

/** Returns how much each style term counts within the style, by its name. */
function relativeWeights(terms: readonly StyleTerm[], styleWeight: number): LayerWeights {
  return Object.fromEntries(
    terms.map((term) => [termName(term), styleWeight > 0 ? term.weight / styleWeight : term.weight]),
  );
}

function pixelStyleOf(
  { targets, map, share }: PartWithTargets,
  size: { readonly width: number; readonly height: number },
) {
  return { style: new PixelStyle(size, targets.pixels, map), share };
}

/** Makes the map of where the content counts how much; undefined where it counts the same everywhere. */
function contentMap({ content, protect = 0, area, counts = area }: TransferTargets): WeightMap | undefined {
  return content && protect > 0 ? protectionMap(content, protect, counts) : counts;
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

function networkTerms({ content, style }: PerceptualEvaluation, layers: TransferLayers) {
  return {
    content: weightedSum(layers.content, content),
    style: weightedSum(layers.style, style),
    contentLayers: Object.fromEntries(content),
    styleLayers: Object.fromEntries(style),
  };
}

function weightedSum(weights: LayerWeights, terms: ReadonlyMap<string, number>): number {
  return Object.entries(weights).reduce((sum, [layer, weight]) => sum + weight * (terms.get(layer) ?? 0), 0);
}
