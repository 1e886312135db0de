import type { Engine } from '../../engine/engine.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { type Mask, resizeMask } from '../area/mask.js';
import { keptOutside } from '../area/pinned-pixels.js';
import { styledArea } from '../area/styled-area.js';
import { visibilityWithin } from '../area/visibility.js';
import { within } from '../area/zone-shares.js';
import { Canvas } from '../canvas.js';
import { coarseToFine, type TransferProgress, type TransferResult } from '../coarse-to-fine.js';
import { withKeptColors } from '../colors/content-colors.js';
import { createOptimizer } from '../create-optimizer.js';
import { type HeldPixels, type StyleTargets, styleTargets, transferObjective } from '../objective.js';
import { normalisedStyles, type TransferPictures, type WeightedStyle } from '../pictures.js';
import { hasPaintedColors, withoutChromaNoise } from '../pixels/chroma-noise.js';
import { startingPicture } from '../start.js';
import { styleAtScale } from '../style-at-scale.js';
import { type TransferSettings, transferSettings } from '../transfer-options.js';
import type { Expectation } from './expectation.js';
import { type FrameOptions, frameDefaults } from './frame-options.js';

/** Paints frames that follow another one, with what is the same for all of them: the size, the styles and the area. */
export class NextFrames {
  readonly #engine: Engine;
  readonly #settings: TransferSettings;
  readonly #frameEpochs: number;
  readonly #temporalWeight: number;
  readonly #frameContent: number;
  readonly #styles: readonly WeightedStyle[];
  readonly #area: Mask | undefined;
  #styleTargets: Promise<StyleTargets> | undefined;

  /** @param pictures - with the first frame as content, in the size of all frames; kept colours are kept alike in all. */
  constructor(engine: Engine, pictures: TransferPictures, options: FrameOptions) {
    const { content, visible, mask } = pictures;
    const weighted = normalisedStyles(pictures.styles);
    this.#engine = engine;
    this.#settings = transferSettings(options, engine.network, weighted.length);
    this.#frameEpochs = options.frameEpochs ?? frameDefaults.frameEpochs;
    this.#temporalWeight = options.temporalWeight ?? frameDefaults.temporalWeight;
    this.#frameContent = options.frameContent ?? frameDefaults.frameContent;
    const { keepColors, regions, feather, styleScale } = this.#settings;
    const { width, height } = content;
    const area = styledArea({ mask, regions, feather }, content);
    this.#area = area && resizeMask(area, width, height);
    const colors = withKeptColors(keepColors, { content, styles: weighted }, this.#counts(content, visible));
    const scale = { width, height, epochs: this.#frameEpochs };
    this.#styles = colors.pictures.styles.map((style) => styleAtScale(style, scale, styleScale));
  }

  /** Returns a painted frame as the optimiser sees it: grey, where only its brightness is painted. */
  seen(painting: RgbImage): RgbImage {
    return this.#colors(painting).pictures.content;
  }

  /** Returns the picture to begin with where no painted frame tells anything. */
  unknown(content: RgbImage, visible?: Mask): RgbImage {
    const { start, seed } = this.#settings;
    return startingPicture(start, this.seen(content), this.#styles, { seed, area: this.#counts(content, visible) });
  }

  /**
   * Paints a frame.
   * @param frame - the frame, in the first one's size, and how visible its pixels are.
   * @param expectation - what painted frames tell of it, as the optimiser sees them.
   * @returns a generator like {@link coarseToFine}, whose result has the frame in its own colours.
   */
  paint(
    { content, visible }: Pick<TransferPictures, 'content' | 'visible'>,
    expectation: Expectation,
  ): AsyncGenerator<TransferProgress, TransferResult> {
    const { layers, weights, statistic, protect, signal } = this.#settings;
    const { width, height } = content;
    const colors = this.#colors(content);
    const seen = colors.pictures.content;
    const area = this.#area;
    const counts = this.#counts(content, visible);
    const seenShares = visible && visibilityWithin(area, visible, content);
    const kept = area ? keptOutside(content, area) : (picture: RgbImage) => picture;
    const { temporal } = expectation;
    const still = this.#temporalWeight > 0 ? expectation.held : nothingHeld(seen);
    const held = area ? heldBesides(still, seen, area) : still;
    const noticed = within(held.mask, seenShares);
    return coarseToFine(this.#engine, {
      scales: [{ width, height, epochs: this.#frameEpochs }],
      start: () => expectation.start,
      work: async (timed) => {
        const surface = new Canvas({ width, height });
        const compared = { styles: this.#styles, layers, statistic };
        this.#styleTargets ??= styleTargets(timed, compared);
        const objective = await transferObjective(timed, surface, {
          ...compared,
          content: surface.place(seen),
          weights: { ...weights, content: this.#frameContent * weights.content },
          protect,
          area: area && surface.placeMask(area),
          counts: counts && surface.placeMask(counts),
          style: await this.#styleTargets,
          temporal: {
            picture: surface.place(temporal.picture),
            map: surface.placeMask(temporal.map),
            weight: this.#temporalWeight,
          },
          held: { picture: surface.place(held.picture), mask: surface.placeMask(held.mask) },
        });
        return { surface, objective };
      },
      optimizer: (objective, start) => createOptimizer(this.#settings, objective, start),
      // As a still picture's, but what is held stays as it is.
      finish: (picture) =>
        hasPaintedColors(this.#settings) ? withoutChromaNoise(picture, this.#styles, noticed) : picture,
      shown: (picture) => kept(colors.restore(picture)),
      signal,
    });
  }

  /** Returns how much each pixel of a frame counts: where it is styled and visible. */
  #counts(frame: RgbImage, visible: Mask | undefined): Mask | undefined {
    const told = visible && visibilityWithin(this.#area, visible, frame);
    return told ? within(told, this.#area) : this.#area;
  }

  #colors(content: RgbImage) {
    return withKeptColors(this.#settings.keepColors, { content, styles: [] });
  }
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
