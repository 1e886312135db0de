import { type Container, marginsOn } from './container.js';
import { type PngChunk, pngChunk, pngChunks, pngSignature } from './png-chunk.js';
import { pngEncoding } from './png-encoding.js';

/**
 * The chunks that decide about pixels, colours and orientation, besides those that no decoder may pass over, which
 * begin with a capital letter. All others are left out: a few kilobytes of compressed text become megabytes, a thousand
 * times in one file. What libvips does not understand of colours is understood here.
 */
const keptChunks = new Set(['tRNS', 'iCCP', 'eXIf']);

/** The chunks that count where they stand before the pixels: those about colours and the movement. */
const leadingChunks = new Set(['gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'acTL', 'fcTL']);

/**
 * Reads the structure of a PNG (ISO/IEC 15948, clause 5): a signature, then chunks of length, type, data and check sum,
 * up to IEND.
 */
export function readPng(bytes: Uint8Array): Container {
  const kept: PngChunk[] = [];
  const seen = new Set<string>();
  const leading = new Map<string, Uint8Array>();
  /** The chunks of the first frame, if it stands behind the picture. */
  const frame: PngChunk[] = [];
  let frames = 0;
  for (const chunk of pngChunks(bytes)) {
    const { type } = chunk;
    const isFirst = !seen.has(type);
    if (isFirst && leadingChunks.has(type) && !seen.has('IDAT')) leading.set(type, chunk.data);
    if (/^[A-Z]/.test(type) || (isFirst && keptChunks.has(type))) kept.push(chunk);
    if (type === 'fcTL') frames += 1;
    if (frames === 1 && (type === 'fcTL' || type === 'fdAT')) frame.push(chunk);
    seen.add(type);
  }
  const encoding = pngEncoding(leading);
  const decisive = encoding ? kept.filter(({ type }) => type !== 'iCCP') : kept;
  const parts = [pngSignature(bytes), ...decisive.map((chunk) => chunk.bytes)];
  const keptBytes = parts.reduce((sum, part) => sum + part.length, 0);
  return {
    // The chunk acTL makes it an animated PNG; the frames behind the first are in chunks that are left out.
    animated: seen.has('acTL'),
    // The check sum of IEND alone may be missing: IEND is empty, so nothing is lost with it.
    complete: seen.has('IEND'),
    firstPicture: keptBytes === bytes.length ? bytes : Buffer.concat(parts, keptBytes),
    encoding,
    ...firstFrame(bytes, leading, decisive, frame),
  };
}

/**
 * Returns the first frame of an animation in which it is not the picture that programs show which know no animations
 * (PNG, third edition, clause 11.3.2): then it is the first behind that picture, and may be smaller than the canvas.
 * Frames that do not lie on the canvas are passed over.
 */
function firstFrame(
  bytes: Uint8Array,
  leading: ReadonlyMap<string, Uint8Array>,
  kept: readonly PngChunk[],
  [control, ...data]: readonly PngChunk[],
): Pick<Container, 'firstPicture' | 'margins'> | undefined {
  const header = kept.find(({ type }) => type === 'IHDR')?.data;
  const frames = leading.get('acTL');
  if (header?.length !== 13 || control?.data.length !== 26) return undefined;
  if (leading.has('fcTL') || frames === undefined || frames.length < 4 || uint32(frames, 0) === 0) return undefined;
  const [width, height] = [uint32(control.data, 4), uint32(control.data, 8)];
  const [left, top] = [uint32(control.data, 12), uint32(control.data, 16)];
  const canvas = { width: uint32(header, 0), height: uint32(header, 4) };
  if (width === 0 || height === 0 || left + width > canvas.width || top + height > canvas.height) return undefined;
  // Behind the size, the header says of the frame what it says of the canvas. Data of frames begins with a number.
  const frameHeader = Buffer.concat([control.data.subarray(4, 12), header.subarray(8)]);
  const firstPicture = Buffer.concat([
    pngSignature(bytes),
    pngChunk('IHDR', frameHeader),
    ...kept.filter(({ type }) => !['IHDR', 'IDAT', 'IEND'].includes(type)).map((chunk) => chunk.bytes),
    ...data.map((chunk) => pngChunk('IDAT', chunk.data.subarray(4))),
    pngChunk('IEND', new Uint8Array()),
  ]);
  return { firstPicture, margins: marginsOn(canvas, { left, top, width, height }) };
}

function uint32(data: Uint8Array, offset: number): number {
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(offset);
}
