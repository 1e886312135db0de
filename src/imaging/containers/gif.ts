import { type Container, marginsOn } from './container.js';

const headerBytes = 13;
const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;

/** Reads the structure of a GIF (89a specification): a header, extensions and images of sub-blocks, and a trailer. */
export function readGif(bytes: Uint8Array): Container {
  let offset = headerBytes + colorTableBytes(bytes[10] ?? 0);
  let frames = 0;
  let firstFrame = { start: 0, end: 0 };
  while (offset < bytes.length) {
    const block = bytes[offset];
    if (block === extension) {
      offset = endOfSubBlocks(bytes, offset + 2);
    } else if (block === image) {
      const start = offset;
      // Behind the descriptor are a colour table and one byte with the size of the first LZW codes.
      offset = endOfSubBlocks(bytes, offset + 11 + colorTableBytes(bytes[offset + 9] ?? 0));
      if (offset <= bytes.length) frames += 1;
      if (frames === 1 && firstFrame.end === 0) firstFrame = { start, end: offset };
    } else {
      // This is the trailer, or something unknown, where decoders stop and show what they have.
      break;
    }
  }
  const alone = frames > 1 ? Buffer.concat([bytes.subarray(0, firstFrame.end), Uint8Array.of(trailer)]) : bytes;
  return {
    animated: frames > 1,
    // A file that ends exactly behind a frame lacks the trailer only, and nothing of the picture.
    complete: offset < bytes.length || (offset === bytes.length && frames > 0),
    ...(frames > 0 ? onCanvas(alone, firstFrame.start) : { firstPicture: alone }),
  };
}

/**
 * Returns a GIF of the frame alone whose descriptor begins at `frame`, and what lies around it on its canvas. libvips
 * paints what a frame leaves free black unless the frame has transparent pixels, and does not believe in the sizes of
 * some canvases, such as 640×480. Browsers show the canvas, grown by what of its first frame lies outside, and what is
 * free on it is transparent, whatever background colour the file has.
 */
function onCanvas(bytes: Uint8Array, frame: number): Pick<Container, 'firstPicture' | 'margins'> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const uint16 = (offset: number) => view.getUint16(offset, true);
  const [left, top, width, height] = [uint16(frame + 1), uint16(frame + 3), uint16(frame + 5), uint16(frame + 7)];
  const canvas = { width: Math.max(uint16(6), left + width), height: Math.max(uint16(8), top + height) };
  const margins = marginsOn(canvas, { left, top, width, height });
  // A frame without pixels can't be decoded alone.
  if (margins === undefined || width === 0 || height === 0) return { firstPicture: bytes };
  const firstPicture = Uint8Array.from(bytes);
  firstPicture.set(bytes.subarray(frame + 5, frame + 9), 6);
  firstPicture.fill(0, frame + 1, frame + 5);
  return { firstPicture, margins };
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
