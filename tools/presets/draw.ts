// `npm run build:presets [-- NAME …]` draws the style pictures of the presets, or only of those that are named.
import { join } from 'node:path';
import sharp from 'sharp';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import { packageRoot } from '../../src/package-root.js';
import { drawings } from './drawings.js';

const side = 768;
/** How many times larger pictures are drawn before they are scaled down, so that hard edges come out smooth. */
const oversampling = 2;

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(drawings)) {
  const draw = drawings[name];
  if (!draw) throw new Error(`Expected one of ${Object.keys(drawings).join(', ')}, got "${name}"`);
  const drawn = await draw(side * oversampling);
  const file = join(packageRoot(), 'presets', `${name}.jpg`);
  const { size } = await sharp(toBytes(drawn), { raw: { width: drawn.width, height: drawn.height, channels: 3 } })
    .resize(side, side, { kernel: 'lanczos3' })
    .jpeg({ quality: 88, chromaSubsampling: '4:4:4', mozjpeg: true })
    .toFile(file);
  process.stdout.write(`${file}: ${Math.round(size / 1024)} KiB\n`);
}
