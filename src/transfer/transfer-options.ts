import type { Engine } from '../engine/engine.js';
import type { Region } from './area/region.js';
import type { ColorKeeping } from './colors/content-colors.js';
import type { LossWeights } from './objective.js';
import { transferBounds } from './recipe/transfer-bounds.js';
import type { Start } from './start.js';
import type { StyleStatistic } from './style-statistics.js';
import { defaultLayers, type TransferLayers } from './transfer-layers.js';

/** The optimisers that a transfer can use. */
export const optimizers = ['lbfgs', 'adam'] as const;
export type OptimizerName = (typeof optimizers)[number];

/** The options of a transfer. */
export interface TransferOptions {
  /** The longer side of the result, in pixels. Default 512. */
  readonly size?: number | undefined;
  /** Optimiser steps in all, over all scales. Default 100. */
  readonly epochs?: number | undefined;
  /** Epochs of each scale, from coarse to fine, instead of `epochs`: as many scales as numbers, each twice as large. */
  readonly scaleEpochs?: readonly number[] | undefined;
  readonly weights?: Partial<LossWeights> | undefined;
  /** The layers of content and style. Default: see {@link defaultLayers}. */
  readonly layers?: Partial<TransferLayers> | undefined;
  readonly start?: Start | undefined;
  readonly optimizer?: OptimizerName | undefined;
  /**
   * For Adam, the step, in values from 0 to 1: default 0.02. For L-BFGS, the length of each line search's first trial
   * step, relative to the expected step: default 1.
   */
  readonly learningRate?: number | undefined;
  /** Number of past steps from which L-BFGS learns curvature. Default 10. */
  readonly history?: number | undefined;
  /** Factor by which strokes are enlarged, 2 for twice as large. Default 1. */
  readonly styleScale?: number | undefined;
  /** How the result, and each picture before it, keeps the content's colours. Default: it has the styles' colours. */
  readonly keepColors?: ColorKeeping | undefined;
  /** The statistics by which style is compared. Default `moments`. */
  readonly statistic?: StyleStatistic | undefined;
  /** Strength by which fine structure of the content, such as faces, is protected: from 0, the default, to 1. */
  readonly protect?: number | undefined;
  /** Regions that are styled, as well as where a mask is white. Without regions and mask, the whole picture is. */
  readonly regions?: readonly Region[] | undefined;
  /** Width of the area's soft edges, in pixels of the result; 0 for sharp ones. Default: see {@link styledArea}. */
  readonly feather?: number | undefined;
  /** Seed of the noise that `start: 'noise'` begins with. Default 0. */
  readonly seed?: number | undefined;
  /** Stops the transfer within one evaluation; it then returns the best picture so far. */
  readonly signal?: AbortSignal | undefined;
}

/** The defaults of {@link TransferOptions}. */
export const transferDefaults = {
  size: 512,
  epochs: 100,
  weights: { content: 1, style: 10, pixels: 0.3, tv: 0.02 },
  start: 'recolored',
  optimizer: 'lbfgs',
  history: 10,
  styleScale: 1,
  statistic: 'moments',
  protect: 0,
  regions: [],
  seed: 0,
} as const satisfies TransferOptions;

/**
 * Completes options with the defaults of those that are missing or undefined.
 * @param styles - the number of styles that are blended.
 * @throws RangeError for a `protect` outside of its bounds.
 */
export function transferSettings(options: TransferOptions, network: Engine['network'], styles: number) {
  const { protect = 0 } = options;
  const { min, max } = transferBounds.protect;
  if (!(protect >= min && protect <= max)) {
    throw new RangeError(`Expected \`protect\` to be from ${min} to ${max}, got ${protect}`);
  }
  return {
    ...transferDefaults,
    ...given(options),
    weights: { ...transferDefaults.weights, ...given(options.weights ?? {}) },
    layers: { ...defaultLayers(network, styles), ...given(options.layers ?? {}) },
  };
}

/** Options of a transfer, completed with defaults. */
export type TransferSettings = ReturnType<typeof transferSettings>;

/** Returns options without those that are undefined, which would otherwise hide a default. */
export function given<Options extends object>(options: Options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Options]?: Exclude<Options[Key], undefined>;
  };
}
