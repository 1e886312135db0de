import { InvalidArgumentError } from 'commander';
import { parseLayer } from '../engine/topology.js';
import type { LayerWeights } from '../transfer/layers.js';

/** Parsers for option values. Each throws commander's InvalidArgumentError, which says what is allowed. */

/** A whole number within bounds. */
export function wholeNumber(smallest: number, largest: number) {
  return (text: string): number => {
    const number = Number(text);
    if (text.trim() !== '' && Number.isInteger(number) && number >= smallest && number <= largest) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${smallest} to ${largest}.`);
  };
}

/** A number from 0 up, such as a weight. */
export function weight(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && number >= 0 && number <= 1e6) return number;
  throw new InvalidArgumentError('It must be a number from 0 to 1000000.');
}

/** Layers with weights, "relu3_2:.5,relu4_1:1"; a layer without a weight counts 1. */
export function layerWeights(text: string): LayerWeights {
  const weights: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [layer = '', given = '1', ...rest] = part.trim().split(':');
    if (rest.length > 0) throw new InvalidArgumentError(`"${part}" has two colons. Write it as relu3_2:.5,relu4_1:1.`);
    try {
      parseLayer(layer);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
    if (layer in weights) throw new InvalidArgumentError(`${layer} is there twice.`);
    const value = weight(given);
    if (value === 0) throw new InvalidArgumentError(`The weight of ${layer} must be above 0; leave it out instead.`);
    weights[layer] = value;
  }
  return weights;
}
