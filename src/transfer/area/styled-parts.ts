import type { RgbImage } from '../../imaging/rgb-image.js';
import { normalisedStyles, type TransferPictures, type WeightedStyle } from '../pictures.js';
import { type Mask, resizeMask } from './mask.js';
import { maskError } from './mask-error.js';
import type { Region } from './region.js';
import { styledArea } from './styled-area.js';
import { visibilityWithin } from './visibility.js';
import { patchwork, unionOf, within, zoneShares } from './zone-shares.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The parts of a picture that are styled: its zones, or without zones a single part, which is all that is styled. */
export class StyledParts {
  /** Where the picture is styled, at the size of the result; undefined where it is everywhere. */
  readonly area: Mask | undefined;
  /** The styles of each part, with weights that add up to 1. */
  readonly styles: readonly (readonly WeightedStyle[])[];
  /** How much each zone has of each pixel, at the size of the result; undefined without zones. */
  readonly #shares: readonly Mask[] | undefined;
  /** How visible each pixel is, at the size of the result; undefined where that makes no difference. */
  readonly #visible: Mask | undefined;

  /**
   * @param size - the size of the result.
   * @throws `mask/…` where nothing is left to style, and for zones together with regions; RangeError for impossible
   *   weights of styles.
   */
  constructor(
    { styles, mask, zones, visible }: TransferPictures,
    { regions, feather }: { readonly regions: readonly Region[]; readonly feather?: number | undefined },
    size: Size,
  ) {
    if (zones && regions.length > 0) {
      const message = 'Regions have no style of their own. Leave them out, and paint them into the mask in a colour.';
      throw maskError('zones-and-regions', message);
    }
    const masks = zones?.map((zone) => zone.mask);
    this.area = styledArea({ mask: masks ? unionOf(masks) : mask, regions, feather }, size);
    this.styles = (zones ?? [{ styles }]).map((part) => normalisedStyles(part.styles));
    this.#shares = masks && zoneShares(masks, size, feather);
    this.#visible = visible && visibilityWithin(this.area, visible, size);
  }

  /** The most styles that a part has. */
  get mostStyles(): number {
    return Math.max(...this.styles.map(({ length }) => length));
  }

  /** Returns where the picture is styled, at another size. */
  areaAt({ width, height }: Size): Mask | undefined {
    return this.area && resizeMask(this.area, width, height);
  }

  /**
   * Returns how much each pixel counts, at another size: where it is styled and visible. Undefined where all count the same.
   * @param area - where the picture is styled, at that size; where all of it is visible, that is returned.
   */
  countsAt({ width, height }: Size, area = this.areaAt({ width, height })): Mask | undefined {
    const visible = this.#visible && resizeMask(this.#visible, width, height);
    return visible ? within(visible, area) : area;
  }

  /**
   * Returns how much each pixel counts in each part, at another size; undefined where all count the same. Of a part of
   * which nothing is visible, all that is styled counts.
   */
  partsAt(size: Size): readonly (Mask | undefined)[] {
    const area = this.areaAt(size);
    const counts = this.countsAt(size, area);
    const parts = this.#sharesAt(size)?.map((share) => {
      const counted = within(share, counts);
      return counted.data.some((value) => value > 0) ? counted : within(share, area);
    });
    return parts ?? [counts];
  }

  /** Returns the zones as far as they count, at another size, with other styles in their order; undefined where there are none. */
  zonesAt(size: Size, styles: readonly (readonly WeightedStyle[])[], place: (mask: Mask) => Mask) {
    const counts = this.countsAt(size);
    return this.#sharesAt(size)?.map((share, index) => {
      return { mask: place(within(share, counts)), styles: styles[index] ?? [] };
    });
  }

  /** Puts a picture together of one for each part. */
  joined(pictures: readonly RgbImage[]): RgbImage {
    const [first] = pictures;
    if (!first) throw new RangeError('Expected a picture for each part, got none');
    const shares = this.#sharesAt(first);
    return shares ? patchwork(pictures, shares) : first;
  }

  #sharesAt({ width, height }: Size): readonly Mask[] | undefined {
    return this.#shares?.map((share) => resizeMask(share, width, height));
  }
}
