import type { Container } from './container.js';

const boxHeaderBytes = 8;

/**
 * Reads the structure of an AVIF: an ISO base media file (ISO/IEC 14496-12, clause 4.2), which is boxes of length and
 * type up to its end. The decoder, libheif, has limits of its own on items and frame sizes, so nothing is left out.
 */
export function readAvif(bytes: Uint8Array): Container {
  const majorBrand = String.fromCharCode(...bytes.subarray(8, 12));
  return { animated: majorBrand === 'avis', complete: boxesFit(bytes), firstPicture: bytes };
}

function boxesFit(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen = new Set<string>();
  let offset = 0;
  while (offset + boxHeaderBytes <= bytes.length) {
    const length = view.getUint32(offset);
    // The length zero means that the box goes on to the end of the file.
    if (length === 0) return true;
    seen.add(String.fromCharCode(...bytes.subarray(offset + 4, offset + 8)));
    if (length === 1) {
      // The length one means that the real length is in the eight bytes behind the type.
      if (offset + 16 > bytes.length) return false;
      offset += Math.max(16, Number(view.getBigUint64(offset + 8)));
    } else {
      offset += Math.max(boxHeaderBytes, length);
    }
    // Boxes behind the description (meta or moov) and the data (mdat) are not needed.
    if (offset <= bytes.length && seen.has('mdat') && (seen.has('meta') || seen.has('moov'))) return true;
  }
  // Small data may also stand inside of the description, in a box idat.
  return (
    offset === bytes.length &&
    !seen.has('mdat') &&
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('idat')
  );
}
