import { existsSync } from 'node:fs';
import { CodedError } from '../coded-error.js';
import { boundsInWords, numberWithin, transferBounds } from '../transfer/recipe/transfer-bounds.js';

/** A style's file, and its weight where one was written. */
export interface WrittenStyle {
  readonly path: string;
  readonly weight: number | undefined;
  /** Name of the preset whose picture it is; undefined for other pictures. */
  readonly preset?: string;
}

/** A style's file with its weight. */
export interface StyleFile extends WrittenStyle {
  readonly weight: number;
}

/**
 * Returns styles with a weight each. Where none was written, the mix of a recipe for as many styles says them; else a
 * style without a weight counts 1.
 * @throws CodedError `usage/no-style-counts` if all weights are 0.
 */
export function weighedStyles(written: readonly WrittenStyle[], mix: readonly number[] = []): readonly StyleFile[] {
  const isMixed = mix.length === written.length && written.every(({ weight }) => weight === undefined);
  const styles = written.map((style, index) => ({ ...style, weight: (isMixed ? mix[index] : style.weight) ?? 1 }));
  if (styles.some(({ weight }) => weight > 0)) return styles;
  throw new CodedError('usage', 'no-style-counts', 'At least one style must count: give one a weight above 0.');
}

/**
 * Parses a style that may have a weight, `painting.jpg:2`. What follows a colon is a weight only if it is a number, and
 * only if there is no file of the whole name.
 * @throws CodedError `usage/bad-style-weight`
 */
export function parseStyle(text: string): WrittenStyle {
  const [, path, number] = /^(.+):([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.exec(text) ?? [];
  if (path === undefined || number === undefined || existsSync(text)) return { path: text, weight: undefined };
  const weight = numberWithin(transferBounds.weight, number);
  if (weight !== undefined) return { path, weight };
  const sentence = `"${text}": the weight of a style must be ${boundsInWords(transferBounds.weight)}.`;
  throw new CodedError('usage', 'bad-style-weight', sentence);
}
