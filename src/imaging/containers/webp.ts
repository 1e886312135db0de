import type { Container } from './container.js';

const riffHeaderBytes = 12;
const chunkHeaderBytes = 8;

/** The chunks that the first picture of an animation needs besides its frame (ANMF). */
const keptChunks = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ICCP', 'EXIF']);

/** Reads the structure of a WebP (RFC 9649): a RIFF file; frames of an animation are chunks of the type ANMF. */
export function readWebp(bytes: Uint8Array): Container {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const riffEnd = chunkHeaderBytes + view.getUint32(4, true);
  // Some writers count the byte that pads an odd length without writing it.
  const complete = riffEnd <= bytes.length + 1;

  const kept: Uint8Array[] = [bytes.subarray(0, riffHeaderBytes)];
  let frames = 0;
  let offset = riffHeaderBytes;
  while (offset + chunkHeaderBytes <= bytes.length) {
    const length = view.getUint32(offset + 4, true);
    const end = offset + chunkHeaderBytes + length + (length % 2);
    const type = String.fromCharCode(...bytes.subarray(offset, offset + 4));
    if (type === 'ANMF') frames += 1;
    if (keptChunks.has(type) || (type === 'ANMF' && frames === 1)) kept.push(bytes.subarray(offset, end));
    offset = end;
  }
  return { animated: frames > 1, complete, firstPicture: frames > 1 ? riff(kept) : bytes };
}

function riff(parts: readonly Uint8Array[]): Uint8Array {
  const file = Buffer.concat(parts);
  file.writeUInt32LE(file.length - chunkHeaderBytes, 4);
  return file;
}
