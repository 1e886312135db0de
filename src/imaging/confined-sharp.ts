import { createRequire } from 'node:module';
import type Sharp from 'sharp';

// As an ES module it takes twice as long to load, a tenth of a second in every process that opens a picture.
const sharp: typeof Sharp = createRequire(import.meta.url)('sharp');

/**
 * sharp, confined to what a stranger's bytes may reach: the loaders of six formats, and only from memory. Nothing here
 * reads files with it, and SVG, PDF, Magick and whatever a later libvips brings stay closed, even if the check of the
 * first bytes should err. All settings hold for the whole process.
 */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
    'VipsForeignLoadTiffBuffer',
  ],
});

// The cache keeps decoded pixels of earlier pictures alive; no picture is decoded twice here.
sharp.cache(false);

export { sharp as confinedSharp };
