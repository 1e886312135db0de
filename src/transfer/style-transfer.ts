import type { Engine } from '../engine/engine.js';
import { resized } from '../imaging/resample.js';
import { clamped, type RgbImage } from '../imaging/rgb-image.js';
import { keptOutside } from './area/pinned-pixels.js';
import { StyledParts } from './area/styled-parts.js';
import { seenThrough, strideOf, windowAround, withPart } from './area/window.js';
import { WindowSurface } from './area/window-surface.js';
import { Canvas } from './canvas.js';
import { coarseToFine, type TransferProgress, type TransferResult } from './coarse-to-fine.js';
import { withKeptColors } from './colors/content-colors.js';
import { withColorsOfStyles } from './colors/finished-colors.js';
import { createOptimizer } from './create-optimizer.js';
import { transferObjective } from './objective.js';
import type { TransferPictures } from './pictures.js';
import { hasPaintedColors, withoutChromaNoise } from './pixels/chroma-noise.js';
import { fitToLongerSide, planScales, type Scale } from './scales.js';
import { startingPicture } from './start.js';
import { styleAtScale } from './style-at-scale.js';
import { lookedAt } from './transfer-layers.js';
import { type TransferOptions, transferDefaults, transferSettings } from './transfer-options.js';

/**
 * Transfers styles (Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016),
 * from coarse to fine: changes the pixels of a picture until a network sees the content's shapes and the style's
 * textures in it. Several styles are blended by their statistics: the picture looks like none of them, but like all.
 *
 * @returns a generator that yields after every epoch and returns the result. While nobody iterates, nothing runs.
 * @throws `engine/unknown-layer` for layers that the network lacks; other `engine/…` where the engine fails; `mask/…`
 *   for masks and regions that leave nothing to style; RangeError for impossible options and weights.
 */
export async function* styleTransfer(
  engine: Engine,
  pictures: TransferPictures,
  options: TransferOptions = {},
): AsyncGenerator<TransferProgress, TransferResult> {
  const { size = transferDefaults.size, regions = [], feather } = options;
  const parts = new StyledParts(pictures, { regions, feather }, fitToLongerSide(pictures.content, size));
  const settings = transferSettings(options, engine.network, parts.mostStyles);
  const { epochs, scaleEpochs, weights, layers, start, styleScale, keepColors, seed, signal } = settings;
  const { statistic, protect } = settings;
  const stride = strideOf(lookedAt(layers));
  // A generator holds all that it ever had in hand: maps as large as the content are made in functions, and gone with them.
  const keptColors = () => {
    const counted = parts.partsAt(pictures.content);
    return parts.styles.map((styles, index) => withKeptColors(keepColors, { ...pictures, styles }, counted[index]));
  };
  const colors = keptColors();
  const seen = parts.area ? keptOutside(pictures.content, parts.area) : (picture: RgbImage) => picture;
  // Colours are kept by part, but the content is seen, and its colours are given back, alike in all parts.
  const { pictures: { content } = pictures, restore = (picture: RgbImage) => picture } = colors[0] ?? {};
  const contentAt = ({ width, height }: Scale) => resized(content, width, height);
  const stylesAt = (scale: Pick<Scale, 'width' | 'height'>) =>
    colors.map((kept) => kept.pictures.styles.map((style) => styleAtScale(style, scale, styleScale)));
  return yield* coarseToFine(engine, {
    scales: planScales(content, { size, epochs, scaleEpochs }),
    start: (scale) => {
      const scaledParts = parts.partsAt(scale);
      const starts = stylesAt(scale).map((styles, index) =>
        startingPicture(start, contentAt(scale), styles, { seed, area: scaledParts[index] }),
      );
      return parts.joined(starts);
    },
    work: async (timed, scale) => {
      const canvas = new Canvas(scale);
      const scaledArea = parts.areaAt(scale);
      const canvasArea = scaledArea && canvas.placeMask(scaledArea);
      const window = canvasArea && windowAround(canvasArea, stride);
      const counts = parts.countsAt(scale, scaledArea);
      const styles = stylesAt(scale);
      const objective = await transferObjective(timed, canvas, {
        content: canvas.place(contentAt(scale)),
        styles: styles[0] ?? [],
        zones: parts.zonesAt(scale, styles, (mask) => canvas.placeMask(mask)),
        layers,
        weights,
        statistic,
        protect,
        area: canvasArea,
        counts: counts === scaledArea ? canvasArea : counts && canvas.placeMask(counts),
        window,
      });
      return { surface: window ? new WindowSurface(canvas, window) : canvas, objective };
    },
    optimizer: (objective, from) => createOptimizer(settings, objective, from),
    finish: (picture) => {
      if (!hasPaintedColors(settings)) return picture;
      const area = parts.areaAt(picture);
      const window = area && windowAround(area, stride);
      const seenPart = seenThrough(window);
      const [maps, counted] = [parts.partsAt(picture), parts.partsAt(pictures.content)];
      const finished = stylesAt(picture).reduce((painted, styles, index) => {
        const map = seenPart(maps[index]);
        const before = { picture: content, map: counted[index] };
        const colored = keepColors ? painted : withColorsOfStyles({ picture: painted, map }, styles, before);
        return withoutChromaNoise(colored, styles, map);
      }, seenPart(picture));
      return window ? withPart(picture, window, clamped(finished)) : finished;
    },
    shown: (picture) => seen(restore(picture)),
    signal,
  });
}
