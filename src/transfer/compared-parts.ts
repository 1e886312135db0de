import type { WeightMap } from '../engine/engine.js';
import type { Mask } from './area/mask.js';
import type { WeightedStyle, Zone } from './pictures.js';

/** A part of the picture that is compared with styles. */
export interface ComparedPart {
  /** The part's name among several; undefined where it is the only one. */
  readonly name: string | undefined;
  readonly styles: readonly WeightedStyle[];
  /** Where statistics are taken; undefined is everywhere. */
  readonly map: WeightMap | undefined;
  /** Where the picture is styled and visible; undefined is everywhere. */
  readonly area: Mask | undefined;
  /** The share of the style's weight that the part has. */
  readonly share: number;
}

/** What is compared with styles: all of the area, or its zones. */
export interface Compared {
  readonly styles: readonly WeightedStyle[];
  readonly zones?: readonly Zone[] | undefined;
  readonly area?: Mask | undefined;
  readonly counts?: Mask | undefined;
  readonly styleMap?: WeightMap | undefined;
  /** A part that is compared by itself as well, as much as the mask says; not with zones. Default: none. */
  readonly apart?: Mask | undefined;
}

/** Returns the parts, with shares by area; those that have nothing of it are left out. */
export function comparedParts({
  styles,
  zones,
  area,
  counts = area,
  styleMap = counts,
  apart,
}: Compared): readonly ComparedPart[] {
  if (!zones) {
    const whole = { name: undefined, styles, map: styleMap, area: counts, share: 1 };
    const share = apart ? sumOf(apart) / (counts ? sumOf(counts) : apart.data.length) : 0;
    return share > 0 ? [whole, { name: 'apart', styles, map: apart, area: apart, share }] : [whole];
  }
  const sums = zones.map(({ mask }) => sumOf(mask));
  const whole = sums.reduce((sum, one) => sum + one, 0);
  return zones
    .map(({ styles: own, mask }, index) => {
      return { name: `zone ${index + 1}`, styles: own, map: mask, area: mask, share: (sums[index] ?? 0) / whole };
    })
    .filter(({ share }) => share > 0);
}

function sumOf({ data }: Mask): number {
  return data.reduce((sum, value) => sum + value, 0);
}
