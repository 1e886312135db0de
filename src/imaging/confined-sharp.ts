import sharp from 'sharp';

/**
 * sharp with what a stranger's bytes may reach: the loaders of six formats, from memory only. Nothing here reads files
 * with it, and SVG, PDF, Magick and whatever a later libvips brings stay closed, even if the check of the first bytes
 * should err. Both settings hold for the whole process.
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
