import { contactSheet, movingContactSheet } from '../imaging/contact-sheet.js';
import type { Frames } from '../imaging/gif/writer.js';
import { resample } from '../imaging/resample.js';
import { toBytes } from '../imaging/rgb-bytes.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { LayerPicture, LayerPicturesResult } from './layer-pictures.js';

/** The label below the picture that the layers look at. */
const originalLabel = 'original';

/** Draws the original and the layers' pictures, with the layers' names and the percentages left of their losses. */
export function layerSheet({ original, layers }: Pick<LayerPicturesResult, 'original' | 'layers'>): RgbImage {
  return contactSheet([
    { picture: original, label: originalLabel },
    ...layers.map((layer) => ({ picture: layer.picture, ...captionOf(layer) })),
  ]);
}

/** Draws all pictures as they grow, side by side, in the size of the recorded frames, without their final losses. */
export function layerSheetFrames({ original, layers }: Pick<LayerPicturesResult, 'original' | 'layers'>): Frames {
  const { width, height } = layers[0]?.frames ?? original;
  const still = { width, height, pictures: [toBytes(resample(original, width, height))] };
  return movingContactSheet([
    { frames: still, label: originalLabel },
    ...layers.map(({ frames, layer }) => ({ frames, label: layer })),
  ]);
}

function captionOf({ layer, loss, startLoss }: LayerPicture) {
  const percent = (100 * loss) / startLoss;
  return { label: layer, note: `loss ${percent.toFixed(percent < 1 ? 2 : percent < 10 ? 1 : 0)}%` };
}
