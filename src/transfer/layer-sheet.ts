import { contactSheet, contactSheetSize, movingContactSheet } from '../imaging/contact-sheet.js';
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

/** Returns the size of the sheet of some layers, before their pictures are made; losses may make its captions a little higher. */
export function layerSheetSize(layers: readonly string[], tile: Pick<RgbImage, 'width' | 'height'>) {
  const longest = noteOf(1);
  return contactSheetSize([{ label: originalLabel }, ...layers.map((label) => ({ label, note: longest }))], tile);
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
  return { label: layer, note: noteOf(loss / startLoss) };
}

function noteOf(share: number): string {
  const percent = 100 * share;
  return `loss ${percent.toFixed(percent < 1 ? 2 : percent < 10 ? 1 : 0)}%`;
}
