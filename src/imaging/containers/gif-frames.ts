import type { FrameSequence, SequenceFrame } from './frame-sequence.js';

const headerBytes = 13;
const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;
const graphicControl = 0xf9;
const application = 0xff;

/** Bytes of an image up to its colour table or its data: separator, rectangle and flags. */
const descriptorBytes = 10;

/** What a graphic control extension says about the frame behind it. */
interface Control {
  readonly bytes: Uint8Array;
  readonly delayMs: number;
  readonly disposal: SequenceFrame['disposal'];
  readonly hasTransparency: boolean;
}

const noControl: Control = { bytes: new Uint8Array(), delayMs: 0, disposal: 'keep', hasTransparency: false };

/**
 * Reads the frames of a GIF (89a specification): a header, extensions and images of sub-blocks, and a trailer. As in
 * browsers, the canvas grows by what of the first frame lies outside, and what is free on it is transparent, whatever
 * background colour the file has.
 * @param most - the number of frames after which reading stops.
 */
export function readGifFrames(bytes: Uint8Array, most: number): FrameSequence {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const uint16 = (offset: number) => (offset + 2 <= bytes.length ? view.getUint16(offset, true) : 0);
  const globalTable = headerBytes + colorTableBytes(bytes[10] ?? 0);
  const frames: SequenceFrame[] = [];
  // A GIF that doesn't say how often it is played is played once.
  let loops = 1;
  let control = noControl;
  let isOdd = false;
  let offset = globalTable;
  while (offset < bytes.length && frames.length < most) {
    const start = offset;
    if (bytes[start] === extension) {
      offset = endOfSubBlocks(bytes, start + 2);
      if (offset > bytes.length) break;
      if (bytes[start + 1] === graphicControl) control = readControl(bytes.subarray(start, offset));
      if (bytes[start + 1] === application) loops = readLoops(bytes.subarray(start, offset)) ?? loops;
    } else if (bytes[start] === image) {
      // Behind the descriptor are a colour table and one byte with the size of the first LZW codes.
      offset = endOfSubBlocks(bytes, start + descriptorBytes + colorTableBytes(bytes[start + 9] ?? 0) + 1);
      if (offset > bytes.length) break;
      frames.push(frameOf(bytes.subarray(0, globalTable), bytes.subarray(start, offset), control));
      control = noControl;
    } else {
      // This is the trailer, or something unknown, where decoders stop and show what they have, if anything. Zeros fill files up.
      isOdd = frames.length > 0 && bytes[start] !== trailer && bytes.subarray(start).some((byte) => byte !== 0);
      break;
    }
  }
  const { left = 0, top = 0, width = 0, height = 0 } = frames[0] ?? {};
  return {
    width: Math.max(uint16(6), left + width),
    height: Math.max(uint16(8), top + height),
    loops,
    frames,
    cutOff: isOdd || offset > bytes.length || (offset === bytes.length && frames.length === 0),
  };
}

function frameOf(head: Uint8Array, picture: Uint8Array, control: Control): SequenceFrame {
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  return {
    left: view.getUint16(1, true),
    top: view.getUint16(3, true),
    width: view.getUint16(5, true),
    height: view.getUint16(7, true),
    delayMs: control.delayMs,
    blend: control.hasTransparency ? 'over' : 'source',
    disposal: control.disposal,
    bytes: head.length + picture.length,
    still: () => frameAlone(head, control.bytes, picture),
  };
}

/**
 * Makes a GIF of a frame without the canvas around it. libvips paints what a frame leaves free black unless the frame has
 * transparent pixels, and does not believe in the sizes of some canvases, such as 640×480.
 */
function frameAlone(head: Uint8Array, control: Uint8Array, picture: Uint8Array): Uint8Array {
  const file = Buffer.concat([head, control, picture, Uint8Array.of(trailer)]);
  const size = picture.subarray(5, 9);
  // A frame without pixels can't be decoded alone, but on its canvas, which stays empty.
  if ((size[0] === 0 && size[1] === 0) || (size[2] === 0 && size[3] === 0)) return file;
  const frame = head.length + control.length;
  file.set(size, 6);
  file.fill(0, frame + 1, frame + 5);
  return file;
}

function readControl(block: Uint8Array): Control {
  const [, , length, flags = 0, low = 0, high = 0] = block;
  if (length !== 4) return noControl;
  const method = (flags >> 2) & 7;
  // Four is what some programs have written for three, the number of its bit.
  const disposal = method === 2 ? 'clear' : method === 3 || method === 4 ? 'restore' : 'keep';
  return { bytes: block, delayMs: 10 * (low | (high << 8)), disposal, hasTransparency: (flags & 1) === 1 };
}

/** Reads how often an application extension says that the animation is played; undefined: it is about something else. */
function readLoops(block: Uint8Array): number | undefined {
  const name = String.fromCharCode(...block.subarray(3, 14));
  if (name !== 'NETSCAPE2.0' && name !== 'ANIMEXTS1.0') return undefined;
  const [length = 0, kind, low = 0, high = 0] = block.subarray(14);
  if (length < 3 || kind !== 1) return undefined;
  // What is counted are the repetitions.
  const repetitions = low | (high << 8);
  return repetitions === 0 ? 0 : repetitions + 1;
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
