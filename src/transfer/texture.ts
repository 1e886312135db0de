import type { Engine } from '../engine/engine.js';
import { crop } from '../imaging/reflect-pad.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { recut, resampleTile, wrapPad } from '../imaging/tile.js';
import { Canvas } from './canvas.js';
import { type CoarseToFinePlan, coarseToFine, type TransferProgress, type TransferResult } from './coarse-to-fine.js';
import { type ColorStatistics, colorStatistics, recolor } from './colors/color-statistics.js';
import { withColorsOfStyles } from './colors/finished-colors.js';
import { type TransferTargets, transferObjective } from './objective.js';
import { Lbfgs } from './optimizers/lbfgs.js';
import { withoutChromaNoise } from './pixels/chroma-noise.js';
import { planScales, type Scale } from './scales.js';
import { greyNoise } from './start.js';
import { styleAtScale } from './style-at-scale.js';
import type { StyleStatistic } from './style-statistics.js';
import { TileCanvas } from './tile-canvas.js';
import { type LayerWeights, textureLayers } from './transfer-layers.js';
import { given } from './transfer-options.js';

/** The options of {@link texture}. */
export interface TextureOptions {
  /** Length of each side of the texture, in pixels. Default 512. */
  readonly size?: number | undefined;
  /** Optimiser steps in all, over all scales. Default 100. */
  readonly epochs?: number | undefined;
  /** Whether the texture is seamless: it then goes on at each edge with the opposite one. Default false. */
  readonly tile?: boolean | undefined;
  /** The layers by which style is compared. Default: as deep as the network goes, see {@link textureLayers}. */
  readonly layers?: LayerWeights | undefined;
  /** The statistics by which style is compared. Default `gram`. */
  readonly statistic?: StyleStatistic | undefined;
  /** Factor by which strokes are enlarged, 2 for twice as large. Default 1. */
  readonly styleScale?: number | undefined;
  /** Seed of the noise that the texture begins with. Default 0. */
  readonly seed?: number | undefined;
  /** Stops the texture within one evaluation; the best picture so far is returned. */
  readonly signal?: AbortSignal | undefined;
}

/** The defaults of {@link TextureOptions}. */
export const textureDefaults = {
  size: 512,
  epochs: 100,
  tile: false,
  statistic: 'gram',
  styleScale: 1,
  seed: 0,
} as const satisfies TextureOptions;

/** Weights of the loss: style and total variation in the proportion of a style transfer, and no content. */
const weights = { content: 0, style: 10, pixels: 0.3, tv: 0.02 };

/**
 * Standard deviation of the noise to begin with, as a share of that of the style's colours. With all of it, specks of
 * noise remain in even areas; with less, areas are more of one piece. Some noise there must be: an even picture has a
 * gradient that is even everywhere, too.
 */
const noiseShare = 0.2;

/** What noise of colours is told by beyond a tile's edges. */
const seenAround = { left: 2, top: 2, right: 2, bottom: 2 };

/** The most pixels that a tile's border is moved at the end to an even place: few enough that no jump is seen. */
const largestShift = 8;

/**
 * Makes a square texture in a style, without any content: from coarse to fine, noise is optimised until it has the
 * style's statistics (Gatys, Ecker and Bethge, "Texture Synthesis Using Convolutional Neural Networks", NIPS 2015).
 *
 * @param style - the style's picture, of any size.
 * @returns a generator that yields after every epoch and returns the result. While nobody iterates, nothing runs.
 * @throws `engine/unknown-layer` for layers that the network lacks; other `engine/…` where the engine fails; RangeError
 *   for impossible options.
 */
export async function* texture(
  engine: Engine,
  style: RgbImage,
  options: TextureOptions = {},
): AsyncGenerator<TransferProgress, TransferResult> {
  const settings = { ...textureDefaults, ...given(options) };
  const { size, epochs, tile, statistic, styleScale, seed, signal } = settings;
  const styleLayers = settings.layers ?? textureLayers(engine.network.layers);
  const colors = colorStatistics(style);
  const targetsAt = (scale: Pick<Scale, 'width' | 'height'>) => ({
    styles: [styleAtScale({ picture: style, weight: 1 }, scale, styleScale)],
    layers: { content: {}, style: styleLayers },
    weights,
    statistic,
  });
  return yield* coarseToFine(engine, {
    scales: planScales({ width: size, height: size }, { size, epochs }),
    start: (scale) => recolor(greyNoise(scale, seed), fainter(colors, noiseShare)),
    ...(tile ? seamless(targetsAt) : withMargins(targetsAt)),
    optimizer: (objective, start) => new Lbfgs(objective, start),
    signal,
  });
}

/** Returns the work for a texture that is cut out of a larger one, its canvas. */
function withMargins(
  targetsAt: (scale: Pick<Scale, 'width' | 'height'>) => TransferTargets,
): Pick<CoarseToFinePlan, 'work' | 'finish'> {
  return {
    finish: (picture) => {
      const { styles } = targetsAt(picture);
      return withoutChromaNoise(withColorsOfStyles({ picture }, styles), styles);
    },
    work: async (engine, scale) => {
      const surface = new Canvas(scale);
      return { surface, objective: await transferObjective(engine, surface, targetsAt(scale)) };
    },
  };
}

/** Returns the work for a texture that goes on at each edge with the opposite one. */
function seamless(
  targetsAt: (scale: Pick<Scale, 'width' | 'height'>) => TransferTargets,
): Pick<CoarseToFinePlan, 'work' | 'resize' | 'finish'> {
  return {
    work: async (engine, scale) => {
      const surface = new TileCanvas(scale);
      const targets = { ...targetsAt(scale), styleMap: surface.map };
      return { surface, objective: surface.wrapped(await transferObjective(engine, surface, targets)) };
    },
    resize: resampleTile,
    finish: (tile) => {
      const { width, height } = tile;
      const { styles } = targetsAt(tile);
      const calm = withoutChromaNoise(wrapPad(withColorsOfStyles({ picture: tile }, styles), seenAround), styles);
      return recut(crop(calm, seenAround.left, seenAround.top, width, height), largestShift);
    },
  };
}

/** Returns colour statistics with the same mean, and a share of the standard deviation. */
function fainter({ mean, covariance }: ColorStatistics, share: number): ColorStatistics {
  return { mean, covariance: covariance.map((row) => row.map((value) => share ** 2 * value)) };
}
