import type { Engine } from '../engine/engine.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { resizeMask } from './area/mask.js';
import { keptOutside } from './area/pinned-pixels.js';
import { styledArea } from './area/styled-area.js';
import { WindowSurface, windowAround } from './area/window.js';
import { Canvas } from './canvas.js';
import { coarseToFine, type TransferProgress, type TransferResult } from './coarse-to-fine.js';
import { withKeptColors } from './colors/content-colors.js';
import { createOptimizer } from './create-optimizer.js';
import { transferObjective } from './objective.js';
import { normalisedStyles, type TransferPictures } from './pictures.js';
import { fitToLongerSide, planScales, type Scale } from './scales.js';
import { startingPicture } from './start.js';
import { styleAtScale } from './style-at-scale.js';
import { type TransferOptions, transferSettings } from './transfer-options.js';

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
  const weighted = normalisedStyles(pictures.styles);
  const settings = transferSettings(options, engine.network.layers, weighted.length);
  const { size, epochs, scaleEpochs, weights, layers, start, styleScale, keepColors, seed, signal } = settings;
  const { statistic, protect, regions, feather } = settings;
  const area = styledArea({ mask: pictures.mask, regions, feather }, fitToLongerSide(pictures.content, size));
  const areaAt = (picture: { readonly width: number; readonly height: number }) =>
    area && resizeMask(area, picture.width, picture.height);
  const colors = withKeptColors(keepColors, { ...pictures, styles: weighted }, areaAt(pictures.content));
  const seen = area ? keptOutside(pictures.content, area) : (picture: RgbImage) => picture;
  const { content, styles } = colors.pictures;
  const contentAt = ({ width, height }: Scale) => resample(content, width, height);
  const stylesAt = (scale: Scale) => styles.map((style) => styleAtScale(style, scale, styleScale));
  return yield* coarseToFine(engine, {
    scales: planScales(content, { size, epochs, scaleEpochs }),
    start: (scale) => startingPicture(start, contentAt(scale), stylesAt(scale), { seed, area: areaAt(scale) }),
    work: async (timed, scale) => {
      const canvas = new Canvas(scale);
      const scaledArea = areaAt(scale);
      const canvasArea = scaledArea && canvas.placeMask(scaledArea);
      const window = canvasArea && windowAround(canvasArea);
      const objective = await transferObjective(timed, canvas, {
        content: canvas.place(contentAt(scale)),
        styles: stylesAt(scale),
        layers,
        weights,
        statistic,
        protect,
        area: canvasArea,
        window,
      });
      return { surface: window ? new WindowSurface(canvas, window) : canvas, objective };
    },
    optimizer: (objective, from) => createOptimizer(settings, objective, from),
    shown: (picture) => seen(colors.restore(picture)),
    signal,
  });
}
