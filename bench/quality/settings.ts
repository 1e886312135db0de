import type { NetworkName, Pooling } from '../../src/engine/topology.js';
import { planScales } from '../../src/transfer/scales.js';
import type { TransferOptions } from '../../src/transfer/transfer-options.js';

/** Size and epochs, which are the same for all pictures of a comparison. */
export interface Extent {
  /** The longer side of the painted pictures, in pixels. */
  readonly size: number;
  /** Number of epochs of the whole transfer, over all scales. */
  readonly epochs: number;
}

/** One way to paint, given by its differences from the default. */
export interface QualitySetting {
  readonly what: string;
  readonly network: NetworkName;
  /** How the network is pooled; undefined: as it was trained. */
  readonly pooling?: Pooling;
  readonly transfer?: (extent: Extent) => TransferOptions;
}

/** All settings that can be compared, by the names that `--settings` takes. */
export const qualitySettings: Readonly<Record<string, QualitySetting>> = {
  default: { what: 'VGG19-lite, everything as it is by default', network: 'vgg19-lite' },
  'single-scale': {
    what: 'all epochs at the full size',
    network: 'vgg19-lite',
    transfer: ({ epochs }) => ({ scaleEpochs: [epochs] }),
  },
  'fine-scales': {
    what: 'most epochs at the finest scale, instead of at the coarsest',
    network: 'vgg19-lite',
    transfer: ({ size, epochs }) => ({
      scaleEpochs: planScales({ width: size, height: size }, { size, epochs })
        .map((scale) => scale.epochs)
        .reverse(),
    }),
  },
  'start-content': {
    what: 'begins with the content as it is',
    network: 'vgg19-lite',
    transfer: () => ({ start: 'content' }),
  },
  'start-noise': { what: 'begins with noise', network: 'vgg19-lite', transfer: () => ({ start: 'noise' }) },
  gram: {
    what: 'Gram matrices instead of mean and covariance',
    network: 'vgg19-lite',
    transfer: () => ({ statistic: 'gram' }),
  },
  'deep-style': {
    what: 'compares style by relu5_1, too, and by Gram matrices, as the article does',
    network: 'vgg19-lite',
    transfer: () => ({
      statistic: 'gram',
      layers: { style: { relu1_1: 1, relu2_1: 0.8, relu3_1: 0.6, relu4_1: 0.4, relu5_1: 0.2 } },
    }),
  },
  'max-pooling': { what: 'pools by the maximum', network: 'vgg19-lite', pooling: 'max' },
  'deep-content': {
    what: 'compares content by relu4_1 with less of relu3_1',
    network: 'vgg19-lite',
    transfer: () => ({ layers: { content: { relu3_1: 0.4, relu4_1: 1 } } }),
  },
  'no-tv': {
    what: 'without total variation',
    network: 'vgg19-lite',
    transfer: () => ({ weights: { tv: 0 } }),
  },
  'no-pixels': {
    what: 'without the statistics of single pixels',
    network: 'vgg19-lite',
    transfer: () => ({ weights: { pixels: 0 } }),
  },
  'vgg19-no-pixels': {
    what: 'VGG19, without the statistics of single pixels',
    network: 'vgg19',
    transfer: () => ({ weights: { pixels: 0 } }),
  },
  adam: { what: 'Adam instead of L-BFGS', network: 'vgg19-lite', transfer: () => ({ optimizer: 'adam' }) },
  vgg19: { what: 'VGG19, as deep as its weights go', network: 'vgg19' },
  'vgg19-gram': {
    what: 'VGG19, Gram matrices',
    network: 'vgg19',
    transfer: () => ({ statistic: 'gram' }),
  },
  'vgg19-average': { what: 'VGG19, pools by the average', network: 'vgg19', pooling: 'average' },
};

/** Returns a setting by its name. @throws Error for an unknown name; its message lists the known ones. */
export function settingNamed(name: string): QualitySetting {
  const setting = Object.hasOwn(qualitySettings, name) ? qualitySettings[name] : undefined;
  if (setting) return setting;
  throw new Error(`There is no setting "${name}". Choose from ${Object.keys(qualitySettings).join(', ')}.`);
}
