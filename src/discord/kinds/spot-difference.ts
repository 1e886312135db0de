import type { z } from 'zod';
import type { InputSource } from '../../jobs/job.js';
import { spotDifferenceDefaults } from '../../spot-difference/spot-difference.js';
import { type SpotDifferenceFindings, spotDifferenceFindingsSchema } from '../../works/spot-difference.js';
import { counter, inAllLanguages, pluralChooser } from '../texts/language.js';
import { type Kind, orderOfKind } from './kind.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';

const orderSchema = orderOfKind('spot-difference', {});
type SpotDifferenceOrder = z.infer<typeof orderSchema>;

export const spotDifferenceTexts = inAllLanguages({
  en: {
    command: {
      description: 'Find what two pictures differ in, and watch one turn into the other',
      first: 'The first picture',
      second: 'The second picture',
    },
    help: '`/spot-difference` circles what two pictures differ in.',
    title: 'Spot the difference',
    likeness: {
      identical: () => 'The pictures are identical.',
      alike: () => 'The pictures are not identical, but there is no difference to be seen.',
      different: ({ found, circled }: SpotDifferenceFindings) =>
        `${counter('en')(found, 'difference')}${found > circled ? ` (the ${counter('en')(circled, 'most conspicuous one is', 'most conspicuous are')} circled)` : ''}`,
      unlike: () => 'These are two different pictures: there is more that differs than what is the same.',
    },
    pictureAlt: {
      identical: 'Both pictures side by side: they are the same',
      alike: 'Both pictures side by side: they look the same',
      different: 'Both pictures side by side, with a numbered circle around everything that differs',
      unlike: 'Two different pictures side by side',
    },
    animationAlt: 'An animation: the first picture turns into the second',
  },
  de: {
    command: {
      description: 'Finden, worin sich zwei Bilder unterscheiden, und zusehen, wie eins zum anderen wird',
      first: 'Das erste Bild',
      second: 'Das zweite Bild',
    },
    help: '`/spot-difference` kreist ein, worin sich zwei Bilder unterscheiden.',
    title: 'Finde den Unterschied',
    likeness: {
      identical: () => 'Die Bilder sind gleich.',
      alike: () => 'Die Bilder sind nicht ganz gleich, aber einen Unterschied sieht man nicht.',
      different: ({ found, circled }) =>
        `${counter('de')(found, 'Unterschied', 'Unterschiede')}${found > circled ? ` (${pluralChooser('de')(circled, 'der auffälligste ist', `die ${circled} auffälligsten sind`)} eingekreist)` : ''}`,
      unlike: () => 'Das sind zwei verschiedene Bilder: Es ist mehr anders als gleich.',
    },
    pictureAlt: {
      identical: 'Beide Bilder nebeneinander: Sie sind gleich',
      alike: 'Beide Bilder nebeneinander: Sie sehen gleich aus',
      different: 'Beide Bilder nebeneinander, mit einem nummerierten Kreis um alles, was anders ist',
      unlike: 'Zwei verschiedene Bilder nebeneinander',
    },
    animationAlt: 'Eine Animation: Das erste Bild wird zum zweiten',
  },
});

/** What somebody asks of `/spot-difference`: two pictures to compare. */
export interface SpotDifferenceWishes extends Showing {
  readonly first: InputSource;
  readonly second: InputSource;
}

/** Returns a `spot-difference` request, which no settings refuse: they only bound its size and epochs. */
export function spotDifferenceRequest({
  first,
  second,
  spoiler = false,
  private: isPrivate = false,
}: SpotDifferenceWishes): Request {
  return ({ sizeMax, epochsMax }) => {
    const { size, epochs } = spotDifferenceDefaults;
    const measures = { size: Math.min(size, sizeMax), epochs: Math.min(epochs, epochsMax) };
    const order: SpotDifferenceOrder = { kind: 'spot-difference', ...measures, spoiler };
    return { order, task: { kind: 'spot-difference', ...measures }, inputs: { first, second }, private: isPrivate };
  };
}

/** The kind `spot-difference`: what two pictures differ in, ordered by `/spot-difference`. */
export const spotDifference: Kind<SpotDifferenceOrder> = {
  order: orderSchema,
  texts: spotDifferenceTexts,
  title: ({ language }) => spotDifferenceTexts[language].title,
  result({ language, job }, _order, result) {
    const { title, likeness, pictureAlt, animationAlt } = spotDifferenceTexts[language];
    const { data: findings } = spotDifferenceFindingsSchema.safeParse(result.findings);
    const headline = findings === undefined ? title : likeness[findings.likeness](findings);
    return {
      headline,
      facts: job.facts(result),
      pictureAlt: pictureAlt[findings?.likeness ?? 'different'],
      // Where nothing changes, there is nothing to watch.
      animationAlt: findings?.likeness === 'identical' ? undefined : animationAlt,
    };
  },
  again: ({ job }) => {
    const inputs = { first: inputAgain(job, 'first'), second: inputAgain(job, 'second') };
    return spotDifferenceRequest({ ...inputs, ...showingOf(job) });
  },
  buttons: [],
};
