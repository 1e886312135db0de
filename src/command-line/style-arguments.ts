import { existsSync } from 'node:fs';
import { CodedError } from '../coded-error.js';
import { boundsInWords, numberWithin, transferBounds } from '../transfer/recipe/transfer-bounds.js';

/** A style's file with its weight, as the command line names them. */
export interface StyleFile {
  readonly path: string;
  readonly weight: number;
}

/**
 * Parses styles with weights, `painting.jpg:2`. A style without a weight counts 1. What follows a colon is a weight
 * only if it is a number, and only if there is no file of the whole name.
 * @throws CodedError `usage/bad-style-weight`, or `usage/no-style-counts` if all weights are 0.
 */
export function parseStyles(texts: readonly string[]): readonly StyleFile[] {
  const styles = texts.map(parseStyle);
  if (styles.every(({ weight }) => weight === 0)) {
    throw new CodedError('usage', 'no-style-counts', 'At least one style must count: give one a weight above 0.');
  }
  return styles;
}

function parseStyle(text: string): StyleFile {
  const [, path, number] = /^(.+):([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.exec(text) ?? [];
  if (path === undefined || number === undefined || existsSync(text)) return { path: text, weight: 1 };
  const weight = numberWithin(transferBounds.weight, number);
  if (weight !== undefined) return { path, weight };
  const sentence = `"${text}": the weight of a style must be ${boundsInWords(transferBounds.weight)}.`;
  throw new CodedError('usage', 'bad-style-weight', sentence);
}
