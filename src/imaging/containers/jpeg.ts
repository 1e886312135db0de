import type { Container } from './container.js';
import { JpegScans } from './jpeg-scans.js';

const markerPrefix = 0xff;
const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;

/**
 * Reads the structure of a JPEG (ITU-T T.81, annex B): segments with a length, and data without a length between a
 * start of scan and the next marker. Some cameras and programs leave the end marker out, with or without bytes of their
 * own behind the picture. Such a picture is given one where its last scan ends, unless a part of it is missing.
 */
export function readJpeg(bytes: Uint8Array): Container {
  const { hasEndMarker, scans } = walk(bytes);
  const { lastScan } = scans;
  if (hasEndMarker || lastScan === undefined) return { animated: false, complete: hasEndMarker, firstPicture: bytes };
  const end = Uint8Array.of(markerPrefix, endOfImage);
  return {
    animated: false,
    // Beside what is known here, a decoder may find the data damaged before its end.
    complete: scans.isLastScanWhole(bytes) === false ? false : undefined,
    firstPicture: Buffer.concat([bytes.subarray(0, lastScan.dataEnd), end]),
  };
}

/** Goes through a file up to its end marker, or the next picture in it. */
function walk(bytes: Uint8Array): { readonly hasEndMarker: boolean; readonly scans: JpegScans } {
  const scans = new JpegScans();
  let offset = 2;
  for (;;) {
    // Decoders skip whatever stands between segments, so this does too.
    offset = bytes.indexOf(markerPrefix, offset);
    if (offset < 0 || offset + 1 >= bytes.length) return { hasEndMarker: false, scans };
    const marker = bytes[offset + 1] as number;
    if (marker === endOfImage) return { hasEndMarker: true, scans };
    // A second picture, such as a preview, may stand behind one without an end marker.
    if (marker === startOfImage && scans.lastScan) return { hasEndMarker: false, scans };
    if (marker === markerPrefix) {
      offset += 1;
    } else if (isStandalone(marker)) {
      offset += 2;
    } else {
      if (offset + 4 > bytes.length) return { hasEndMarker: false, scans };
      const length = ((bytes[offset + 2] as number) << 8) | (bytes[offset + 3] as number);
      const segment = bytes.subarray(offset + 4, offset + 2 + length);
      offset += 2 + Math.max(2, length);
      if (marker === startOfScan) {
        const dataStart = offset;
        offset = endOfScan(bytes, dataStart);
        scans.addScan({ header: segment, dataStart, dataEnd: Math.min(offset, bytes.length) });
      } else {
        scans.addSegment(marker, segment);
      }
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
