import type { Container } from './container.js';

const signatureBytes = 8;
/** Bytes of a chunk besides its data: length, type and check sum. */
const chunkOverheadBytes = 12;

/**
 * The chunks that decide about pixels, colours and orientation. All others are left out: a few kilobytes of compressed
 * text become megabytes, a thousand times in one file.
 */
const keptChunks = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'eXIf']);

/**
 * Reads the structure of a PNG (ISO/IEC 15948, clause 5): a signature, then chunks of length, type, data and check sum,
 * up to IEND.
 */
export function readPng(bytes: Uint8Array): Container {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, signatureBytes)];
  const seen = new Set<string>();
  let animated = false;
  let complete = false;
  let offset = signatureBytes;
  while (offset + 8 <= bytes.length && !complete) {
    const end = offset + chunkOverheadBytes + view.getUint32(offset);
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    // The chunk acTL makes it an animated PNG; the frames behind the first are in chunks that are left out.
    if (type === 'acTL') animated = true;
    if (type === 'IDAT' || (keptChunks.has(type) && !seen.has(type))) kept.push(bytes.subarray(offset, end));
    seen.add(type);
    // The check sum of IEND alone may be missing: IEND is empty, so nothing is lost with it.
    complete = type === 'IEND';
    offset = end;
  }
  const keptBytes = kept.reduce((sum, part) => sum + part.length, 0);
  return { animated, complete, firstPicture: keptBytes === bytes.length ? bytes : Buffer.concat(kept, keptBytes) };
}
