// `npm run build:thumbnails [-- NAME …]` paints the presets' thumbnails and the contact sheet in docs/ with the program
// itself. If presets are named, it paints only their thumbnails and no sheet.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { confinedSharp } from '../../src/imaging/confined-sharp.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { packageRoot } from '../../src/package-root.js';
import { builtInPresets, type Preset, presetPicturePath, presetThumbnailPath } from '../../src/presets/presets.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';

const thumbnailSide = 256;
const sheetCellSide = 240;
const gap = 4;
/** File names of the contents on the contact sheet; thumbnails show the first one. */
const contents = ['astronaut.jpg', 'chelsea.jpg', 'rocket.jpg'];

const root = packageRoot();
const engine = await openEngine();
try {
  await paint(engine, process.argv.slice(2));
} finally {
  await engine.dispose();
}

async function paint(engine: Engine, names: readonly string[]): Promise<void> {
  const rows: Buffer[][] = [];
  for (const preset of builtInPresets()) {
    if (names.length > 0 && !names.includes(preset.name)) continue;
    const style = await picture(presetPicturePath(preset));
    const row = [await square(style, sheetCellSide)];
    for (const [column, content] of contents.entries()) {
      if (column > 0 && names.length > 0) break;
      const painted = await transferred(engine, await picture(join(root, 'examples', content)), style, preset);
      row.push(await square(painted, sheetCellSide));
      if (column === 0) await writeFile(presetThumbnailPath(preset), await square(painted, thumbnailSide));
    }
    rows.push(row);
    process.stdout.write(`${preset.name}\n`);
  }
  if (names.length === 0) await writeFile(join(root, 'docs', 'pictures', 'presets.jpg'), await sheet(rows));
}

/** Paints a content as the bot does by default: with 512 pixels, 100 epochs, and the settings of the preset. */
async function transferred(engine: Engine, content: RgbImage, style: RgbImage, { transfer }: Preset) {
  const painting = styleTransfer(engine, { content, styles: singleStyle(style) }, transfer);
  let turn = await painting.next();
  while (!turn.done) turn = await painting.next();
  return turn.value.picture;
}

async function picture(path: string): Promise<RgbImage> {
  return (await decodePicture(await readFile(path))).image;
}

/** Returns the middle of a picture as a square JPEG. */
async function square(image: RgbImage, side: number): Promise<Buffer> {
  const { width, height } = image;
  return confinedSharp(toBytes(image), { raw: { width, height, channels: 3 } })
    .resize(side, side, { fit: 'cover' })
    .jpeg({ quality: 88, mozjpeg: true })
    .toBuffer();
}

/** Returns the contact sheet as a JPEG. Each preset has a row: its style, then every content painted in it. */
async function sheet(rows: readonly (readonly Buffer[])[]): Promise<Buffer> {
  const pitch = sheetCellSide + gap;
  const cells = rows.flatMap((row, y) =>
    row.map((input, x) => ({ input, left: gap + x * pitch, top: gap + y * pitch })),
  );
  const width = gap + (contents.length + 1) * pitch;
  const height = gap + rows.length * pitch;
  return confinedSharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(cells)
    .jpeg({ quality: 76, mozjpeg: true })
    .toBuffer();
}
