import { avifEncoding } from './avif-encoding.js';
import type { Container } from './container.js';
import { isoBoxes } from './iso-boxes.js';

const majorBrandOffset = 8;
const avifBrand = Buffer.from('avif');

/**
 * Reads the structure of an AVIF: an ISO base media file, which is boxes up to its end. The decoder, libheif, has
 * limits of its own on items and frame sizes, so nothing is left out.
 */
export function readAvif(bytes: Uint8Array): Container {
  const majorBrand = String.fromCharCode(...bytes.subarray(majorBrandOffset, majorBrandOffset + 4));
  return {
    animated: majorBrand === 'avis',
    complete: boxesFit(bytes),
    firstPicture: majorBrand === 'avif' ? bytes : asStill(bytes),
    encoding: avifEncoding(bytes),
  };
}

/**
 * Copies a file with the brand of stills as its major one. libvips opens no others, such as those of animations, which
 * have a still of their first frame beside it; that it is an AVIF is known by another of its brands.
 */
function asStill(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(avifBrand, majorBrandOffset);
  return copy;
}

function boxesFit(bytes: Uint8Array): boolean {
  const seen = new Set<string>();
  let fileEnd = 0;
  for (const { type, end } of isoBoxes(bytes)) {
    seen.add(type);
    fileEnd = end;
    // Boxes behind the description (meta or moov) and the data (mdat) are not needed.
    if (end <= bytes.length && seen.has('mdat') && (seen.has('meta') || seen.has('moov'))) return true;
  }
  // Small data may also stand inside of the description, in a box idat.
  return (
    fileEnd === bytes.length &&
    !seen.has('mdat') &&
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('idat')
  );
}
