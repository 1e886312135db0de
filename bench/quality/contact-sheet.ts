import { encodePicture } from '../../src/imaging/encode.js';
import { drawLettering } from '../../src/imaging/lettering.js';
import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';

const cellSide = 160;
const gap = 4;
const headerHeight = 16;

/**
 * Returns a PNG with all pictures of a comparison side by side: a row for each pair, a column for each setting.
 *
 * @param titles - titles of the columns.
 * @param rows - pictures of each row, as many as columns; undefined where one is missing.
 */
export async function contactSheet(
  titles: readonly string[],
  rows: readonly (readonly (RgbImage | undefined)[])[],
): Promise<Uint8Array> {
  const pitch = cellSide + gap;
  const width = gap + titles.length * pitch;
  const height = headerHeight + gap + rows.length * pitch;
  const sheet = { width, height, data: new Float32Array(3 * width * height).fill(1) };
  for (const [column, title] of titles.entries()) {
    drawLettering(sheet, title, { left: gap + column * pitch, top: gap }, { backing: 'none', color: [0, 0, 0] });
  }
  for (const [row, pictures] of rows.entries()) {
    for (const [column, picture] of pictures.entries()) {
      if (picture) paste(sheet, fitted(picture), gap + column * pitch, headerHeight + gap + row * pitch);
    }
  }
  return encodePicture(sheet, 'png');
}

/** Returns a picture scaled to fit into a cell as a whole, so that its borders are seen. */
function fitted(picture: RgbImage): RgbImage {
  const scale = cellSide / Math.max(picture.width, picture.height);
  return resample(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
}

function paste(sheet: RgbImage, { width, height, data }: RgbImage, left: number, top: number): void {
  for (let row = 0; row < 3 * height; row++) {
    const channel = Math.floor(row / height);
    const to = (channel * sheet.height + top + row - channel * height) * sheet.width + left;
    sheet.data.set(data.subarray(row * width, (row + 1) * width), to);
  }
}
