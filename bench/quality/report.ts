import { comparePaired, type Estimate, estimate, type PairedComparison } from './comparison.js';
import { styleAtContent } from './equal-content.js';
import type { Distances } from './judge.js';
import type { PixelMeasures } from './measures.js';
import type { Cost } from './results-folder.js';
import type { Trial } from './trials.js';

/** A painted picture, given by its trial, with its cost and all measures of it. */
export interface Scored {
  readonly trial: Trial;
  readonly cost: Cost;
  readonly pixels: PixelMeasures;
  /** The painting's distances, by the names of the judges. */
  readonly distances: Readonly<Record<string, Distances>>;
}

/** A quantity of a setting at the main style weight, and its comparison with the reference on the same pairs. */
export interface Quantity extends Estimate {
  readonly paired: PairedComparison;
}

/** Style distances compared at the content distance of the reference, over the pairs whose curve reaches that. */
export interface AtEqualContent {
  readonly gram: PairedComparison;
  readonly moments: PairedComparison;
}

/** Everything about one setting, compared with the reference. */
export interface SettingReport {
  readonly setting: string;
  readonly processorSeconds: Quantity;
  readonly detail: Quantity;
  readonly borderShift: Estimate & { readonly difference: Estimate };
  readonly borderDeviation: Quantity;
  readonly judges: Readonly<
    Record<string, { readonly [Measure in keyof Distances]: Quantity } & { readonly equalContent: AtEqualContent }>
  >;
}

/** Options of a report. */
export interface ReportOptions {
  /** Name of the setting that all others are compared with. */
  readonly reference: string;
  /** Names of the judges. */
  readonly judges: readonly string[];
  /** The style weight of the pictures that are compared directly. */
  readonly mainWeight: number;
}

/** Returns a comparison of each setting with the reference, on the pairs that were painted with both. */
export function reportOf(
  scored: readonly Scored[],
  settings: readonly string[],
  { reference: referenceSetting, judges, mainWeight }: ReportOptions,
): readonly SettingReport[] {
  const byPair = new Map<string, Scored[]>();
  for (const one of scored) {
    const key = `${one.trial.content} ${one.trial.style}`;
    byPair.set(key, [...(byPair.get(key) ?? []), one]);
  }
  return settings.flatMap((setting) => {
    const pairs = [...byPair.values()].flatMap((all) => {
      const curve = all.filter(({ trial }) => trial.setting === setting);
      const isMain = ({ trial }: Scored) => trial.styleWeight === mainWeight;
      const own = curve.find(isMain);
      const reference = all.find((one) => one.trial.setting === referenceSetting && isMain(one));
      return own && reference ? [{ own, reference, curve }] : [];
    });
    if (pairs.length === 0) return [];
    const quantity = (of: (one: Scored) => number): Quantity => ({
      ...estimate(pairs.map(({ own }) => of(own))),
      paired: comparePaired(pairs.map(({ own, reference }) => [of(own), of(reference)])),
    });
    const judged = judges.map((judge) => {
      const distance = (measure: keyof Distances) => (one: Scored) => one.distances[judge]?.[measure] ?? Number.NaN;
      const atEqualContent = (measure: 'styleGram' | 'styleMoments') =>
        comparePaired(
          pairs.flatMap(({ curve, reference }) => {
            const points = curve.map((one) => ({ content: distance('content')(one), style: distance(measure)(one) }));
            const style = styleAtContent(points, distance('content')(reference));
            return style === undefined ? [] : [[style, distance(measure)(reference)] as const];
          }),
        );
      const report = {
        content: quantity(distance('content')),
        styleGram: quantity(distance('styleGram')),
        styleMoments: quantity(distance('styleMoments')),
        equalContent: { gram: atEqualContent('styleGram'), moments: atEqualContent('styleMoments') },
      };
      return [judge, report] as const;
    });
    return [
      {
        setting,
        processorSeconds: quantity(({ cost }) => cost.processorSeconds),
        detail: quantity(({ pixels }) => pixels.detail),
        borderShift: {
          ...estimate(pairs.map(({ own }) => own.pixels.border.shift)),
          difference: estimate(pairs.map((pair) => pair.own.pixels.border.shift - pair.reference.pixels.border.shift)),
        },
        borderDeviation: quantity(({ pixels }) => pixels.border.deviationRatio),
        judges: Object.fromEntries(judged),
      },
    ];
  });
}
