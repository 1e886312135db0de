import type { Container } from './container.js';

const markerPrefix = 0xff;
const endOfImage = 0xd9;
const startOfScan = 0xda;

/**
 * Reads the structure of a JPEG (ITU-T T.81, annex B): segments with a length, and data without a length between a
 * start of scan and the next marker.
 */
export function readJpeg(bytes: Uint8Array): Container {
  return { animated: false, complete: reachesEndOfImage(bytes), firstPicture: bytes };
}

function reachesEndOfImage(bytes: Uint8Array): boolean {
  let offset = 2;
  for (;;) {
    // Decoders skip whatever stands between segments, so this does too.
    offset = bytes.indexOf(markerPrefix, offset);
    if (offset < 0 || offset + 1 >= bytes.length) return false;
    const marker = bytes[offset + 1] as number;
    if (marker === endOfImage) return true;
    if (marker === markerPrefix) {
      offset += 1;
    } else if (isStandalone(marker)) {
      offset += 2;
    } else {
      if (offset + 4 > bytes.length) return false;
      const length = ((bytes[offset + 2] as number) << 8) | (bytes[offset + 3] as number);
      offset += 2 + Math.max(2, length);
      if (marker === startOfScan) offset = endOfScan(bytes, offset);
    }
  }
}

/** Whether a marker has no length behind it: a stuffed zero, TEM, a restart or a start of image. */
function isStandalone(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** Returns the offset of the marker behind a scan's data, in which 0xff is followed by 0x00 or a restart marker. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let offset = bytes.indexOf(markerPrefix, start);
  while (offset >= 0 && offset + 1 < bytes.length) {
    const next = bytes[offset + 1] as number;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return offset;
    offset = bytes.indexOf(markerPrefix, offset + 2);
  }
  return bytes.length;
}
