// `npm run build:listing` paints the icon and the banner for Discord's app directory, with the program itself, into docs/pictures/.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import { packageRoot } from '../../src/package-root.js';
import { builtInPreset, presetPicturePath } from '../../src/presets/presets.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';
import type { TransferOptions } from '../../src/transfer/transfer-options.js';

/** A picture of the listing: a part of the example photograph, painted. */
interface Drawing {
  readonly file: string;
  /** The part of the photograph, in its pixels. */
  readonly part: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  /** Size that Discord takes at most, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly options: TransferOptions;
}

const drawings: readonly Drawing[] = [
  {
    file: 'icon.png',
    part: { left: 120, top: 0, width: 208, height: 208 },
    width: 1024,
    height: 1024,
    options: { size: 768, epochs: 150 },
  },
  {
    file: 'banner.png',
    part: { left: 0, top: 22, width: 510, height: 180 },
    width: 1360,
    height: 480,
    // The photograph turns to ice from left to right.
    options: { size: 1360, epochs: 120, regions: [{ left: 30, top: 0, width: 70, height: 100 }], feather: 360 },
  },
];

const preset = builtInPreset('white-walker');
if (!preset) throw new Error('Expected the preset white-walker, got none');
const { transfer } = preset;
const root = packageRoot();
const style = (await decodePicture(await readFile(presetPicturePath(preset)))).image;
const engine = await openEngine();
try {
  for (const drawing of drawings) await draw(engine, drawing);
} finally {
  await engine.dispose();
}

async function draw(on: Engine, { file, part, width, height, options }: Drawing): Promise<void> {
  const photograph = await sharp(await readFile(join(root, 'examples', 'astronaut.jpg')))
    .extract(part)
    .resize(width, height, { kernel: 'lanczos3' })
    .png()
    .toBuffer();
  const { image: content } = await decodePicture(photograph);
  const painting = styleTransfer(on, { content, styles: singleStyle(style) }, { ...transfer, ...options });
  let turn = await painting.next();
  while (!turn.done) turn = await painting.next();
  const { picture } = turn.value;
  const path = join(root, 'docs', 'pictures', file);
  const { size } = await sharp(toBytes(picture), { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .resize(width, height, { kernel: 'lanczos3' })
    .png({ palette: true, quality: 90 })
    .toFile(path);
  process.stdout.write(`${path}: ${Math.round(size / 1024)} KiB\n`);
}
