import type { Region } from './area/region.js';
import type { ColorKeeping } from './colors/content-colors.js';
import { defaultLayers, type TransferLayers } from './layers.js';
import type { LossWeights } from './objective.js';
import { transferBounds } from './recipe/transfer-bounds.js';
import type { Start } from './start.js';
import type { StyleStatistic } from './style-statistics.js';

/** The optimisers that a transfer can use. */
export const optimizers = ['lbfgs', 'adam'] as const;
export type OptimizerName = (typeof optimizers)[number];

/** How a transfer is done. */
export interface TransferOptions {
  /** The longer side of the result, in pixels. Default 512. */
  readonly size?: number | undefined;
  /** Optimiser steps in all, over all scales. Default 100. */
  readonly epochs?: number | undefined;
  /** Those of each scale, from coarse to fine, instead of `epochs`: as many scales as numbers, each twice as large. */
  readonly scaleEpochs?: readonly number[] | undefined;
  readonly weights?: Partial<LossWeights> | undefined;
  /** Default: as deep as the network goes, see {@link defaultLayers}. */
  readonly layers?: Partial<TransferLayers> | undefined;
  readonly start?: Start | undefined;
  readonly optimizer?: OptimizerName | undefined;
  /**
   * Adam's step, in values from 0 to 1: default 0.02. Of L-BFGS, how long the first trial step of each search is, relative to
   * what it expects: default 1.
   */
  readonly learningRate?: number | undefined;
  /** How many steps back L-BFGS learns curvature from. Default 10. */
  readonly history?: number | undefined;
  /** The size of the strokes: 2 for twice as large. Default 1. */
  readonly styleScale?: number | undefined;
  /** How the result, and each picture on the way, keeps the content's colours. Default: it has the styles'. */
  readonly keepColors?: ColorKeeping | undefined;
  /** What style is compared by. Default `gram`. */
  readonly statistic?: StyleStatistic | undefined;
  /** How much fine structure of the content, such as faces, is protected: from 0, the default, to 1. */
  readonly protect?: number | undefined;
  /** Where the picture is styled, besides where a mask is white. Default: where the mask says, or everywhere. */
  readonly regions?: readonly Region[] | undefined;
  /** Of the noise that `start: 'noise'` begins with. */
  readonly seed?: number | undefined;
  /** Stops the transfer within one evaluation; it then returns the best picture so far. */
  readonly signal?: AbortSignal | undefined;
}

/** What a transfer does where nothing else is asked for. */
export const transferDefaults = {
  size: 512,
  epochs: 100,
  weights: { content: 1, style: 10, tv: 0.02 },
  start: 'recolored',
  optimizer: 'lbfgs',
  history: 10,
  styleScale: 1,
  statistic: 'gram',
  protect: 0,
  regions: [],
  seed: 0,
} as const satisfies TransferOptions;

/**
 * Options with the defaults for those that are missing or undefined.
 * @param available - the network's layers.
 * @throws RangeError for an impossible protection.
 */
export function transferSettings(options: TransferOptions, available: readonly string[]) {
  const { protect = 0 } = options;
  const { min, max } = transferBounds.protect;
  if (!(protect >= min && protect <= max)) {
    throw new RangeError(`Expected \`protect\` to be from ${min} to ${max}, got ${protect}`);
  }
  return {
    ...transferDefaults,
    ...given(options),
    weights: { ...transferDefaults.weights, ...given(options.weights ?? {}) },
    layers: { ...defaultLayers(available), ...given(options.layers ?? {}) },
  };
}

/** Options with nothing left open. */
export type TransferSettings = ReturnType<typeof transferSettings>;

/** Options without those that are undefined, which would otherwise hide a default. */
export function given<Options extends object>(options: Options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Options]?: Exclude<Options[Key], undefined>;
  };
}
