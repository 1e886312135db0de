import type { Engine } from '../../engine/engine.js';
import { resample } from '../../imaging/resample.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { type Mask, resizeMask } from '../area/mask.js';
import { keptOutside } from '../area/pinned-pixels.js';
import { styledArea } from '../area/styled-area.js';
import { visibilityWithin } from '../area/visibility.js';
import { within } from '../area/zone-shares.js';
import { Canvas } from '../canvas.js';
import { coarseToFine, type TransferProgress, type TransferResult } from '../coarse-to-fine.js';
import { withKeptColors } from '../colors/content-colors.js';
import { withFamiliarColors } from '../colors/familiar-colors.js';
import { createOptimizer } from '../create-optimizer.js';
import { type HeldPixels, type StyleTargets, styleTargets, transferObjective } from '../objective.js';
import { normalisedStyles, type TransferPictures, type WeightedStyle } from '../pictures.js';
import { hasPaintedColors, withoutChromaNoise } from '../pixels/chroma-noise.js';
import { planScales, type Scale } from '../scales.js';
import { startingPicture } from '../start.js';
import { styleAtScale } from '../style-at-scale.js';
import { type TransferSettings, transferSettings } from '../transfer-options.js';
import type { Expectation, NextFrame } from './expectation.js';
import { type FrameOptions, frameDefaults } from './frame-options.js';

/**
 * How much what is made up counts in style by itself as well, in a strange frame: the rest of it comes near to the style already, so
 * that the whole hardly shows what the part is like. More gives it more strokes, but each strip of a wipe all of a style's light
 * and shade, so that its content is hard to tell.
 */
const byItself = 0.6;

/** A frame, in the first one's size, and how visible its pixels are. */
type FramePictures = Pick<TransferPictures, 'content' | 'visible'>;

/** Paints frames that follow another one, with what is the same for all of them: the size, the styles and the area. */
export class NextFrames {
  readonly #engine: Engine;
  readonly #settings: TransferSettings;
  readonly #frameEpochs: number;
  readonly #temporalWeight: number;
  readonly #frameContent: number;
  readonly #size: Pick<Scale, 'width' | 'height'>;
  readonly #givenStyles: readonly WeightedStyle[];
  /** The styles in the frames' size, and what they are compared by. */
  readonly #styles: readonly WeightedStyle[];
  #styleTargets: Promise<StyleTargets> | undefined;
  readonly #area: Mask | undefined;

  /** @param pictures - with the first frame as content, in the size of all frames; kept colours are kept alike in all. */
  constructor(engine: Engine, pictures: TransferPictures, options: FrameOptions) {
    const { content, visible, mask } = pictures;
    const weighted = normalisedStyles(pictures.styles);
    this.#engine = engine;
    this.#settings = transferSettings(options, engine.network, weighted.length);
    this.#frameEpochs = options.frameEpochs ?? frameDefaults.frameEpochs;
    this.#temporalWeight = options.temporalWeight ?? frameDefaults.temporalWeight;
    this.#frameContent = options.frameContent ?? frameDefaults.frameContent;
    const { keepColors, regions, feather } = this.#settings;
    const { width, height } = content;
    this.#size = { width, height };
    const area = styledArea({ mask, regions, feather }, content);
    this.#area = area && resizeMask(area, width, height);
    // What comes into an area in which nothing was to be seen has the colours of what was to be seen elsewhere.
    const isEmpty = visible !== undefined && visibilityWithin(this.#area, visible, content) === undefined;
    const counts = isEmpty ? visibilityWithin(undefined, visible, content) : this.counts({ content, visible });
    const colors = withKeptColors(keepColors, { content, styles: weighted }, counts);
    this.#givenStyles = colors.pictures.styles;
    this.#styles = this.#stylesAt(this.#size);
  }

  /** Returns a painted frame as the optimiser sees it: grey, where only its brightness is painted. */
  seen(painting: RgbImage): RgbImage {
    return this.#colors(painting).pictures.content;
  }

  /** Returns a function that gives painted pictures the content where they aren't styled. */
  withContentOutside(content: RgbImage): (painting: RgbImage) => RgbImage {
    return this.#area ? keptOutside(content, this.#area) : (painting) => painting;
  }

  /** Returns how much each pixel of a frame counts: where it is styled and visible. */
  counts({ content, visible }: FramePictures): Mask | undefined {
    const told = visible && visibilityWithin(this.#area, visible, content);
    return told ? within(told, this.#area) : this.#area;
  }

  /** Returns what is to be known of a frame to tell what it will look like. */
  toExpect({ content, visible }: FramePictures): NextFrame {
    const { start, seed } = this.#settings;
    const seen = this.seen(content);
    const counts = this.counts({ content, visible });
    const unknown = startingPicture(start, seen, this.#styles, { seed, area: counts });
    return { content: seen, unknown, area: this.#area, counts };
  }

  /**
   * Paints a frame: with few epochs, or like a still picture from coarse to fine where much of it is strange. What is known
   * is held either way.
   * @param expectation - what painted frames tell of it, as the optimiser sees them.
   * @returns a generator like {@link coarseToFine}, whose result has the frame in its own colours.
   */
  paint(
    { content, visible }: FramePictures,
    expectation: Expectation,
  ): AsyncGenerator<TransferProgress, TransferResult> {
    const { layers, weights, statistic, protect, signal } = this.#settings;
    const colors = this.#colors(content);
    const seen = colors.pictures.content;
    const area = this.#area;
    const counts = this.counts({ content, visible });
    const seenShares = visible && visibilityWithin(area, visible, content);
    const finished = this.withContentOutside(content);
    const { start, temporal, madeUp, isStrange } = expectation;
    const still = this.#temporalWeight > 0 ? expectation.held : nothingHeld(seen);
    const held = area ? heldBesides(still, seen, area) : still;
    const noticed = within(held.mask, seenShares);
    const withKnown = keptOutside(start, within(expectation.held.mask, complement(temporal.map)));
    return coarseToFine(this.#engine, {
      scales: this.#scales(isStrange),
      start: ({ width, height }) => resample(start, width, height),
      work: async (timed, scale) => {
        const surface = new Canvas(scale);
        const placed = (picture: RgbImage) => surface.place(resample(picture, scale.width, scale.height));
        const placedMask = (mask: Mask) => surface.placeMask(resizeMask(mask, scale.width, scale.height));
        const isWhole = scale.width === this.#size.width && scale.height === this.#size.height;
        const compared = { styles: isWhole ? this.#styles : this.#stylesAt(scale), layers, statistic };
        if (isWhole) this.#styleTargets ??= styleTargets(timed, compared);
        const objective = await transferObjective(timed, surface, {
          ...compared,
          apart: isStrange ? placedMask(within(scaled(madeUp, byItself), counts)) : undefined,
          content: placed(seen),
          weights: { ...weights, content: this.#frameContent * weights.content },
          protect,
          area: area && placedMask(area),
          counts: counts && placedMask(counts),
          style: await (isWhole ? this.#styleTargets : styleTargets(timed, compared)),
          temporal: {
            picture: placed(temporal.picture),
            map: placedMask(temporal.map),
            weight: this.#temporalWeight,
          },
          held: { picture: placed(held.picture), mask: placedMask(held.mask) },
        });
        return { surface, objective };
      },
      // A coarser scale has lost the fine strokes of what is known, and what is held is to stay to the last bit.
      resize: (picture, width, height) =>
        picture.width === width ? picture : withKnown(resample(picture, width, height)),
      optimizer: (objective, from) => createOptimizer(this.#settings, objective, from),
      // As a still picture's, but what is held stays as it is, and what is known has its colours already.
      finish: (picture) => {
        if (!hasPaintedColors(this.#settings)) return picture;
        const part = within(madeUp, noticed);
        const familiar = within(complement(madeUp), counts);
        const isTold = part.data.some((value) => value > 0) && familiar.data.some((value) => value > 0);
        const colored = isTold ? withFamiliarColors(picture, familiar, part) : picture;
        return withoutChromaNoise(colored, this.#styles, noticed);
      },
      shown: (picture) => finished(colors.restore(picture)),
      signal,
    });
  }

  /** Returns what is painted at which size. Of a strange frame a part is new, and the rest helps: a quarter of a still's epochs do. */
  #scales(isStrange: boolean): readonly Scale[] {
    const { width, height } = this.#size;
    if (!isStrange) return [{ width, height, epochs: this.#frameEpochs }];
    const epochs = Math.max(this.#frameEpochs, Math.ceil(this.#settings.epochs / 4));
    return planScales(this.#size, { size: Math.max(width, height), epochs });
  }

  #stylesAt(scale: Pick<Scale, 'width' | 'height'>): readonly WeightedStyle[] {
    return this.#givenStyles.map((style) => styleAtScale(style, scale, this.#settings.styleScale));
  }

  #colors(content: RgbImage) {
    return withKeptColors(this.#settings.keepColors, { content, styles: [] });
  }
}

function complement(mask: Mask): Mask {
  return { ...mask, data: mask.data.map((value) => 1 - value) };
}

function scaled(mask: Mask, factor: number): Mask {
  return { ...mask, data: mask.data.map((value) => factor * value) };
}

function nothingHeld(picture: RgbImage): HeldPixels {
  const { width, height } = picture;
  return { picture, mask: { width, height, data: new Float32Array(width * height).fill(1) } };
}

/** Holds what lies outside of an area to the content as well, as a still picture's is. */
function heldBesides({ picture, mask }: HeldPixels, content: RgbImage, area: Mask): HeldPixels {
  const pixels = mask.data.length;
  const isFree = (i: number) => mask.data[i % pixels] === 1;
  return {
    picture: { ...picture, data: picture.data.map((value, i) => (isFree(i) ? (content.data[i] as number) : value)) },
    mask: { ...mask, data: mask.data.map((free, i) => free * (area.data[i] as number)) },
  };
}
