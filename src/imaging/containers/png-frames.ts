import { inflateSync } from 'node:zlib';
import type { FrameSequence, SequenceFrame } from './frame-sequence.js';
import { type PngChunk, pngChunk, pngChunks, pngSignature } from './png-chunk.js';
import { pngEncoding } from './png-encoding.js';

/** The chunks that count only where they stand before the pixels. */
const leadingTypes = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'eXIf', 'acTL', 'fcTL']);

/** Most bytes that a colour profile may have: larger ones are passed over. */
const maxProfileBytes = 4 * 1024 * 1024;

/** Returns the chunks before the pixels of a PNG that decide about what is seen, the first of each type. */
export function leadingChunks(bytes: Uint8Array): ReadonlyMap<string, PngChunk> {
  const leading = new Map<string, PngChunk>();
  for (const chunk of pngChunks(bytes)) {
    if (chunk.type === 'IDAT') break;
    if (leadingTypes.has(chunk.type) && !leading.has(chunk.type)) leading.set(chunk.type, chunk);
  }
  return leading;
}

/** The sequence of a PNG, and whether its first frame is the picture that programs show which know no animations. */
export interface PngSequence extends FrameSequence {
  readonly beginsWithPicture: boolean;
}

/** What frames have in common: the file, its header, and chunks about colours. */
interface Common {
  readonly file: Uint8Array;
  readonly header: Uint8Array;
  readonly chunks: readonly PngChunk[];
  /** How many bytes the chunks have, colour profiles as they are inflated. */
  readonly bytes: number;
  readonly hasOpacity: boolean;
}

/**
 * Reads the frames of a PNG (third edition, clause 11.3.2). One that doesn't lie on the canvas ends the animation.
 * @param most - the number of frames after which reading stops.
 * @param keptTypes - the chunks that a frame alone has besides its header and pixels.
 * @returns undefined if it is no animation.
 */
export function readPngFrames(
  file: Uint8Array,
  most: number,
  keptTypes: readonly string[] = ['PLTE', 'tRNS', 'iCCP'],
): PngSequence | undefined {
  const leading = leadingChunks(file);
  const header = leading.get('IHDR')?.data;
  const animation = leading.get('acTL')?.data;
  if (header?.length !== 13 || animation === undefined || animation.length < 8) return undefined;
  const canvas = { width: uint32(header, 0), height: uint32(header, 4) };
  const announced = Math.min(most, uint32(animation, 0));
  const common = commonOf(file, header, leading, keptTypes);
  const frames: SequenceFrame[] = [];
  let open: SequenceFrame | undefined;
  for (const chunk of pngChunks(file)) {
    // Only what follows tells that all data of a frame is there.
    if (open && (chunk.type === 'fcTL' || chunk.type === 'IEND')) frames.push(open);
    if (chunk.type === 'fcTL' || chunk.type === 'IEND') open = undefined;
    if (frames.length >= announced) break;
    if (chunk.type !== 'fcTL') continue;
    open = frameOf(common, canvas, chunk);
    if (open === undefined) break;
  }
  return {
    ...canvas,
    loops: uint32(animation, 4),
    frames,
    cutOff: frames.length < announced,
    beginsWithPicture: leading.has('fcTL'),
  };
}

function commonOf(
  file: Uint8Array,
  header: Uint8Array,
  leading: ReadonlyMap<string, PngChunk>,
  keptTypes: readonly string[],
): Common {
  const hasEncoding = pngEncoding(new Map([...leading].map(([type, { data }]) => [type, data]))) !== undefined;
  const profile = leading.get('iCCP');
  const profileBytes = hasEncoding || profile === undefined ? 0 : profileLength(profile.data);
  const chunks = keptTypes.flatMap((type) => {
    const chunk = leading.get(type);
    return chunk === undefined || (type === 'iCCP' && profileBytes === 0) ? [] : [chunk];
  });
  // The colour types with a channel for it are 4 and 6.
  const hasOpacity = leading.has('tRNS') || ((header[9] ?? 0) & 4) !== 0;
  return {
    file,
    header,
    chunks,
    hasOpacity,
    bytes: chunks.reduce((sum, { bytes }) => sum + bytes.length, profileBytes),
  };
}

/** Returns how many bytes the colour profile in a chunk has; 0 if it is too large, or not a profile at all. */
function profileLength(data: Uint8Array): number {
  try {
    // Its name ends with a zero, and a byte with the method of compression is behind it.
    return inflateSync(data.subarray(data.indexOf(0) + 2), { maxOutputLength: maxProfileBytes }).length;
  } catch {
    return 0;
  }
}

function frameOf(
  common: Common,
  canvas: Pick<FrameSequence, 'width' | 'height'>,
  { data, start }: PngChunk,
): SequenceFrame | undefined {
  if (data.length !== 26) return undefined;
  const [width, height] = [uint32(data, 4), uint32(data, 8)];
  const [left, top] = [uint32(data, 12), uint32(data, 16)];
  if (width === 0 || height === 0 || left + width > canvas.width || top + height > canvas.height) return undefined;
  const disposal = (['keep', 'clear', 'restore'] as const)[data[24] ?? 0] ?? 'keep';
  return {
    left,
    top,
    width,
    height,
    // A denominator of 0 stands for 100.
    delayMs: (1000 * uint16(data, 20)) / (uint16(data, 22) || 100),
    blend: data[25] === 1 && common.hasOpacity ? 'over' : 'source',
    disposal,
    bytes: common.bytes,
    still: () => frameAlone(common, data.subarray(4, 12), start),
  };
}

/** @param start - the offset of the chunk fcTL of the frame. */
function frameAlone({ file, header, chunks }: Common, size: Uint8Array, start: number): Uint8Array {
  const pixels: Uint8Array[] = [];
  let type: string | undefined;
  for (const chunk of pngChunks(file, start)) {
    if (chunk.start > start && chunk.type === 'fcTL') break;
    if (chunk.type !== 'IDAT' && chunk.type !== 'fdAT') continue;
    // The first frame may have its data in IDAT; that of all others begins with a number.
    type ??= chunk.type;
    if (chunk.type === type) pixels.push(type === 'IDAT' ? chunk.data : chunk.data.subarray(4));
  }
  return Buffer.concat([
    pngSignature(file),
    // Behind the size, the header says of the frame what it says of the canvas.
    pngChunk('IHDR', Buffer.concat([size, header.subarray(8)])),
    ...chunks.map((chunk) => chunk.bytes),
    pngChunk('IDAT', Buffer.concat(pixels)),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

function uint16(data: Uint8Array, offset: number): number {
  return ((data[offset] as number) << 8) | (data[offset + 1] as number);
}

function uint32(data: Uint8Array, offset: number): number {
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(offset);
}
