import { existsSync } from 'node:fs';
import { boundsInWords, numberWithin, transferBounds } from '../transfer/recipe/transfer-bounds.js';
import { UsageError } from './usage-error.js';

/** A style as it is named on the command line. */
export interface StyleFile {
  readonly path: string;
  readonly weight: number;
}

/**
 * Styles with weights, `painting.jpg:2`; one without counts 1. What follows a colon is a weight only if it is a number, and
 * only if there is no file of the whole name.
 * @throws UsageError for a weight that is impossible, and where no style counts.
 */
export function parseStyles(texts: readonly string[]): readonly StyleFile[] {
  const styles = texts.map(parseStyle);
  if (styles.every(({ weight }) => weight === 0)) {
    throw new UsageError('At least one style must count: give one a weight above 0.');
  }
  return styles;
}

function parseStyle(text: string): StyleFile {
  const [, path, number] = /^(.+):([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.exec(text) ?? [];
  if (path === undefined || number === undefined || existsSync(text)) return { path: text, weight: 1 };
  const weight = numberWithin(transferBounds.weight, number);
  if (weight !== undefined) return { path, weight };
  throw new UsageError(`"${text}": the weight of a style must be ${boundsInWords(transferBounds.weight)}.`);
}
