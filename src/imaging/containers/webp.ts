import type { Container } from './container.js';
import { webpChunks, webpFile } from './webp-frames.js';

const chunkHeaderBytes = 8;

/** The chunks that the first picture of an animation needs besides its frame (ANMF). */
const keptChunks = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ICCP', 'EXIF']);

/** Reads the structure of a WebP (RFC 9649): a RIFF file; frames of an animation are chunks of the type ANMF. */
export function readWebp(bytes: Uint8Array): Container {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const riffEnd = chunkHeaderBytes + view.getUint32(4, true);
  const kept: Uint8Array[] = [];
  let frames = 0;
  let hasWholeFrame = false;
  for (const { type, bytes: chunk, whole } of webpChunks(bytes)) {
    if (type === 'ANMF') {
      frames += 1;
      hasWholeFrame ||= whole;
    }
    if (keptChunks.has(type) || (type === 'ANMF' && frames === 1)) kept.push(chunk);
  }
  return {
    animated: frames > 1,
    // Of an animation, the frames that came whole can be shown. Some writers count the byte that pads an odd length
    // without writing it.
    complete: hasWholeFrame || riffEnd <= bytes.length + 1,
    firstPicture: frames > 1 ? webpFile(kept) : bytes,
  };
}
