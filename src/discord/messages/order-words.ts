import type { ResultFacts } from '../../jobs/job.js';
import type { OrderKind, OrderOf } from '../../jobs/order.js';
import { styleTitle } from '../style-choice.js';
import type { Texts } from '../texts/texts.js';

/** What is said about a result. */
export interface ResultWords {
  /** What it is: "White Walker · strong · standard · own colours", "7 differences". */
  readonly headline: string;
  /** "100 epochs · 512 × 341 · 12 s". */
  readonly facts: string;
  readonly pictureAlt: string;
  readonly animationAlt: string;
}

interface OrderWords<Kind extends OrderKind> {
  readonly title: (texts: Texts, order: OrderOf<Kind>) => string;
  readonly result: (texts: Texts, order: OrderOf<Kind>, result: ResultFacts) => ResultWords;
}

const words: { readonly [Kind in OrderKind]: OrderWords<Kind> } = {
  'style-transfer': {
    title: (texts, { preset }) => styleTitle(preset, texts),
    result: (texts, { preset, strength, quality, keepColors }, result) => {
      const style = styleTitle(preset, texts);
      const kept = keepColors ? [texts.keptColors] : [];
      return {
        headline: line(style, texts.strengths[strength], texts.qualities[quality], ...kept),
        facts: texts.job.facts(result),
        pictureAlt: texts.styleTransfer.pictureAlt(style),
        animationAlt: texts.styleTransfer.animationAlt(style),
      };
    },
  },
  'spot-difference': {
    title: (texts) => texts.spotDifference.title,
    result: (texts, _order, result) => {
      const { identical, found, pictureAlt, animationAlt } = texts.spotDifference;
      const findings = result.findings?.kind === 'spot-difference' ? result.findings : undefined;
      return {
        headline: findings?.identical ? identical : found(findings?.differences ?? 0),
        facts: texts.job.facts(result),
        pictureAlt,
        animationAlt,
      };
    },
  },
  layers: {
    title: (texts) => texts.layers.title,
    result: (texts, { layers, quality }, result) => ({
      headline: line(texts.layers.title, texts.qualities[quality]),
      facts: line(layers.join(', '), texts.job.facts(result)),
      pictureAlt: texts.layers.pictureAlt(layers),
      animationAlt: texts.layers.animationAlt,
    }),
  },
  texture: {
    title: (texts, { preset }) => texts.texture.title(styleTitle(preset, texts)),
    result: (texts, { preset, quality, tile }, result) => {
      const style = styleTitle(preset, texts);
      return {
        headline: line(texts.texture.title(style), texts.qualities[quality], ...(tile ? [texts.texture.tile] : [])),
        facts: texts.job.facts(result),
        pictureAlt: texts.texture.pictureAlt(style),
        animationAlt: texts.texture.animationAlt,
      };
    },
  },
};

/** What somebody asked for, in a few words: where many jobs are listed. */
export function titleOf<Kind extends OrderKind>(texts: Texts, order: OrderOf<Kind>): string {
  return words[order.kind].title(texts, order);
}

/** What is said about the result of an order. */
export function wordsOf<Kind extends OrderKind>(texts: Texts, order: OrderOf<Kind>, result: ResultFacts): ResultWords {
  return words[order.kind].result(texts, order, result);
}

function line(...parts: readonly string[]): string {
  return parts.join(' · ');
}
