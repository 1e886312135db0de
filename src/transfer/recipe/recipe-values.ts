import { type CodedError, isCoded } from '../../coded-error.js';
import { parseLayer } from '../../engine/topology.js';
import { formatRegion, parseRegion, type Region } from '../area/region.js';
import type { LayerWeights } from '../transfer-layers.js';
import { recipeError } from './recipe-error.js';
import { boundsInWords, type NumberBounds, numberWithin, transferBounds } from './transfer-bounds.js';

/** A kind of value in recipes: how it is read from text and written as text. */
export interface ValueKind<Value> {
  /** Reads a value. @throws `recipe/…` that says what is possible. */
  readonly parse: (text: string) => Value;
  readonly format: (value: Value) => string;
}

export function numberIn(bounds: NumberBounds): ValueKind<number> {
  const { min, max } = bounds;
  return {
    parse: (text) => {
      const number = numberWithin(bounds, text);
      if (number !== undefined) return number;
      throw recipeError('no-number', `It must be ${boundsInWords(bounds)}.`, { min, max });
    },
    format: formatNumber,
  };
}

export function oneOf<Name extends string>(names: readonly Name[]): ValueKind<Name> {
  return {
    parse: (text) => {
      const known = names.find((name) => name === text);
      if (known !== undefined) return known;
      const choices = names.join(', ');
      throw recipeError('no-choice', `It must be one of ${choices}.`, { choices });
    },
    format: String,
  };
}

/** The number of epochs in all, or those of each scale from coarse to fine. */
export type EpochPlan = { readonly epochs: number } | { readonly scaleEpochs: readonly number[] };

/** Epochs as text: `100` in all, or for each scale from coarse to fine, `60,25,15`; `100,` is a single scale. */
export const epochPlan: ValueKind<EpochPlan> = {
  parse: (text) => {
    const { min, max } = transferBounds.epochs;
    const scales = transferBounds.scales.max;
    const parts = text.replace(/,$/, '').split(',');
    const shares = parts.map((part) => numberWithin({ ...transferBounds.epochs, min: 0 }, part) ?? Number.NaN);
    const sum = shares.reduce((total, share) => total + share, 0);
    // Where a part was no number, the sum is NaN and fails the comparison.
    if (sum <= max && shares.length <= scales && sum >= min) {
      return text.includes(',') ? { scaleEpochs: shares } : { epochs: sum };
    }
    throw recipeError(
      'no-epochs',
      `It must be ${boundsInWords(transferBounds.epochs)}, or epochs of each of at most ${scales} scales, from coarse to ` +
        `fine, such as 60,25,15: at least one, and at most ${max} in all.`,
      { min, max, scales },
    );
  },
  format: (plan) => {
    if ('epochs' in plan) return String(plan.epochs);
    return plan.scaleEpochs.length === 1 ? `${plan.scaleEpochs[0]},` : plan.scaleEpochs.join(',');
  },
};

/** Layers with weights as text, `relu3_2:.5,relu4_1:1`; a layer without a weight counts 1. */
export const layerWeights: ValueKind<LayerWeights> = {
  parse: (text) => {
    const weights: Record<string, number> = {};
    for (const part of text.split(',')) {
      const [layer = '', weight = '1', ...rest] = part.trim().split(':');
      if (rest.length > 0) throw noLayers(`"${part}" has two colons. Write it as relu3_2:.5,relu4_1:1.`);
      requireLayer(layer);
      if (Object.hasOwn(weights, layer)) throw noLayers(`${layer} is there twice.`);
      const number = numberWithin(transferBounds.weight, weight);
      if (number === undefined) throw noLayers(`A weight must be ${boundsInWords(transferBounds.weight)}.`);
      if (number === 0) throw noLayers(`The weight of ${layer} must be above 0; leave it out instead.`);
      weights[layer] = number;
    }
    return weights;
  },
  format: (weights) =>
    Object.entries(weights)
      .map(([layer, weight]) => `${layer}:${formatNumber(weight)}`)
      .join(','),
};

/** Regions as text, in percent: `25,10,50,40;60,60,20,20`. */
export const regionList: ValueKind<readonly Region[]> = {
  parse: (text) => {
    try {
      return text.split(';').map(parseRegion);
    } catch (error) {
      if (!isCoded(error, 'mask')) throw error;
      throw recipeError('no-regions', error.message, { reason: error.message });
    }
  },
  format: (regions) => regions.map(formatRegion).join(';'),
};

function requireLayer(layer: string): void {
  try {
    parseLayer(layer);
  } catch (error) {
    throw noLayers(error instanceof Error ? error.message : String(error));
  }
}

function noLayers(reason: string): CodedError {
  return recipeError('no-layers', reason, { reason });
}

/** Writes a number as short as it can be read back, such as `.8`. */
export function formatNumber(value: number): string {
  return String(value).replace(/^0\./, '.');
}
