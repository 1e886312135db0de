import type { Container } from './container.js';

const headerBytes = 13;
const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;

/** Reads the structure of a GIF (89a specification): a header, extensions and images of sub-blocks, and a trailer. */
export function readGif(bytes: Uint8Array): Container {
  let offset = headerBytes + colorTableBytes(bytes[10] ?? 0);
  let frames = 0;
  let firstFrameEnd = 0;
  while (offset < bytes.length) {
    const block = bytes[offset];
    if (block === extension) {
      offset = endOfSubBlocks(bytes, offset + 2);
    } else if (block === image) {
      // Behind the descriptor are a colour table and one byte with the size of the first LZW codes.
      offset = endOfSubBlocks(bytes, offset + 11 + colorTableBytes(bytes[offset + 9] ?? 0));
      if (offset <= bytes.length) frames += 1;
      if (frames === 1 && firstFrameEnd === 0) firstFrameEnd = offset;
    } else {
      // This is the trailer, or something unknown, where decoders stop and show what they have.
      break;
    }
  }
  const firstPicture = frames > 1 ? Buffer.concat([bytes.subarray(0, firstFrameEnd), Uint8Array.of(trailer)]) : bytes;
  // A file that ends exactly behind a frame lacks the trailer only, and nothing of the picture.
  const complete = offset < bytes.length || (offset === bytes.length && frames > 0);
  return { animated: frames > 1, complete, firstPicture };
}

function colorTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

/** Returns the offset behind the sub-blocks that begin at `start`; beyond the file's length if they are cut off. */
function endOfSubBlocks(bytes: Uint8Array, start: number): number {
  let offset = start;
  while (offset < bytes.length) {
    const length = bytes[offset] as number;
    offset += 1 + length;
    if (length === 0) return offset;
  }
  return bytes.length + 1;
}
