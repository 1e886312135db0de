import type { FrameSequence, SequenceFrame } from './frame-sequence.js';

const riffHeaderBytes = 12;
const chunkHeaderBytes = 8;

/** Bytes that a frame's chunk (ANMF) begins with: its rectangle, how long it is shown, and flags. */
const frameHeaderBytes = 16;

/** Flags of a VP8X chunk. */
const hasProfileFlag = 0x20;
const hasAlphaFlag = 0x10;

/** A chunk of a WebP. */
export interface WebpChunk {
  readonly type: string;
  /** The chunk, with the byte behind it that pads an odd length. */
  readonly bytes: Uint8Array;
  readonly data: Uint8Array;
  /** Whether all of its data is there. */
  readonly whole: boolean;
}

/** Goes through the chunks of a WebP or of one of its frames (RFC 9649, section 2.3). */
export function* webpChunks(bytes: Uint8Array, from = riffHeaderBytes): Generator<WebpChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = from;
  while (offset + chunkHeaderBytes <= bytes.length) {
    const length = view.getUint32(offset + 4, true);
    const data = offset + chunkHeaderBytes;
    const end = data + length + (length % 2);
    const type = String.fromCharCode(...bytes.subarray(offset, offset + 4));
    yield {
      type,
      bytes: bytes.subarray(offset, end),
      data: bytes.subarray(data, data + length),
      whole: data + length <= bytes.length,
    };
    offset = end;
  }
}

/**
 * Reads the frames of a WebP (RFC 9649, section 2.7.1).
 * @param most - the number of frames after which reading stops.
 * @returns undefined if it is no animation.
 */
export function readWebpFrames(bytes: Uint8Array, most: number): FrameSequence | undefined {
  let canvas: Pick<FrameSequence, 'width' | 'height'> | undefined;
  let loops: number | undefined;
  let cutOff = false;
  let profile: Uint8Array = new Uint8Array();
  const frames: SequenceFrame[] = [];
  for (const { type, bytes: chunk, data, whole } of webpChunks(bytes)) {
    const isFrame = type === 'ANMF';
    // A frame that ends within its header has nothing to be shown.
    cutOff ||= isFrame && (!whole || data.length <= frameHeaderBytes);
    if (!whole || frames.length === most) break;
    if (type === 'VP8X' && data.length >= 10) canvas ??= { width: uint24(data, 4) + 1, height: uint24(data, 7) + 1 };
    if (type === 'ANIM' && data.length >= 6) loops ??= (data[4] as number) | ((data[5] as number) << 8);
    if (type === 'ICCP' && profile.length === 0) profile = chunk;
    if (isFrame && data.length > frameHeaderBytes) frames.push(frameOf(data, profile));
  }
  return canvas === undefined || loops === undefined ? undefined : { ...canvas, loops, frames, cutOff };
}

function frameOf(data: Uint8Array, profile: Uint8Array): SequenceFrame {
  const [width, height] = [uint24(data, 6) + 1, uint24(data, 9) + 1];
  const flags = data[15] as number;
  return {
    left: 2 * uint24(data, 0),
    top: 2 * uint24(data, 3),
    width,
    height,
    delayMs: uint24(data, 12),
    blend: (flags & 2) === 0 && !isOpaque(data.subarray(frameHeaderBytes)) ? 'over' : 'source',
    disposal: (flags & 1) === 0 ? 'keep' : 'clear',
    bytes: data.length + profile.length,
    still: () => frameAlone(width, height, profile, data.subarray(frameHeaderBytes)),
  };
}

/** Tells by the first chunk of a frame whether it has no opacity: then it hides what is below, whatever its flags say. */
function isOpaque(picture: Uint8Array): boolean {
  const type = String.fromCharCode(...picture.subarray(0, 4));
  // In a lossless picture, a signature and two lengths of 14 bits stand before the bit that says whether it has any.
  return type === 'VP8 ' || (type === 'VP8L' && ((picture[chunkHeaderBytes + 4] ?? 0) & 0x10) === 0);
}

function frameAlone(width: number, height: number, profile: Uint8Array, picture: Uint8Array): Uint8Array {
  const chunks = [...webpChunks(picture, 0)].filter(({ type }) => ['ALPH', 'VP8 ', 'VP8L'].includes(type));
  const flags = (profile.length > 0 ? hasProfileFlag : 0) | (chunks[0]?.type === 'VP8 ' ? 0 : hasAlphaFlag);
  const size = [width - 1, height - 1].flatMap((value) => littleEndian(value, 3));
  const head = webpChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, ...size));
  return webpFile([head, profile, ...chunks.map((chunk) => chunk.bytes)]);
}

/** Makes a chunk. */
export function webpChunk(type: string, data: Uint8Array): Uint8Array {
  const padding = new Uint8Array(data.length % 2);
  return Buffer.concat([Buffer.from(type, 'latin1'), Uint8Array.from(littleEndian(data.length, 4)), data, padding]);
}

/** Puts the chunks of a WebP together. */
export function webpFile(chunks: readonly Uint8Array[]): Uint8Array {
  const file = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), ...chunks]);
  file.writeUInt32LE(file.length - chunkHeaderBytes, 4);
  return file;
}

/** Returns a number as bytes, the lowest first. */
export function littleEndian(value: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, index) => (value >>> (8 * index)) & 0xff);
}

function uint24(data: Uint8Array, offset: number): number {
  return (data[offset] as number) | ((data[offset + 1] as number) << 8) | ((data[offset + 2] as number) << 16);
}
