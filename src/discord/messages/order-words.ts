import type { ResultFacts } from '../../jobs/job.js';
import type { LabStyle, OrderKind, OrderOf } from '../../jobs/order.js';
import { styleTitle } from '../style-choice.js';
import type { Texts } from '../texts/texts.js';

/** What is said about a result. */
export interface ResultWords {
  /** What it is: "White Walker · strong · standard · own colours", "7 differences". */
  readonly headline: string;
  /** "100 epochs · 512 × 341 · 12 s". */
  readonly facts: string;
  /** Text to be given again, where it has more than the headline says. */
  readonly recipe?: string;
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
      const { findings } = result;
      const { likeness, pictureAlt, animationAlt } = texts.spotDifference;
      return {
        headline: findings === undefined ? texts.spotDifference.title : likeness[findings.likeness](findings),
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
  lab: {
    title: (texts, { styles }) => texts.lab.title(blend(texts, styles)),
    result: (texts, { styles, hasMask, recipe }, result) => {
      const style = blend(texts, styles);
      return {
        headline: line(texts.lab.title(style), ...(hasMask ? [texts.lab.mask] : [])),
        facts: texts.job.facts(result),
        recipe,
        pictureAlt: texts.styleTransfer.pictureAlt(style),
        animationAlt: texts.styleTransfer.animationAlt(style),
      };
    },
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

/** "White Walker", or of several "your own style 2 : White Walker 1". */
function blend(texts: Texts, styles: readonly LabStyle[]): string {
  const titles = styles.map(({ preset }) => styleTitle(preset, texts));
  return titles.length === 1 ? titles.join() : titles.map((title, i) => `${title} ${styles[i]?.weight}`).join(' : ');
}

function line(...parts: readonly string[]): string {
  return parts.join(' · ');
}
