import { type Container, marginsOn } from './container.js';
import { type PngChunk, pngChunks, pngSignature } from './png-chunk.js';
import { pngEncoding } from './png-encoding.js';
import { leadingChunks, readPngFrames } from './png-frames.js';

/**
 * The chunks that decide about pixels, colours and orientation, besides those that no decoder may pass over, which
 * begin with a capital letter. All others are left out: a few kilobytes of compressed text become megabytes, a thousand
 * times in one file. What libvips does not understand of colours is understood here.
 */
const keptChunks = new Set(['tRNS', 'iCCP', 'eXIf']);

/**
 * Reads the structure of a PNG (ISO/IEC 15948, clause 5): a signature, then chunks of length, type, data and check sum,
 * up to IEND.
 */
export function readPng(bytes: Uint8Array): Container {
  const kept: PngChunk[] = [];
  const seen = new Set<string>();
  for (const chunk of pngChunks(bytes)) {
    const { type } = chunk;
    if (/^[A-Z]/.test(type) || (keptChunks.has(type) && !seen.has(type))) kept.push(chunk);
    seen.add(type);
  }
  const encoding = pngEncoding(new Map([...leadingChunks(bytes)].map(([type, { data }]) => [type, data])));
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
    ...firstFrame(bytes, seen.has('IEND')),
  };
}

/**
 * Returns the first frame of an animation. It need not be the picture that programs show which know no animations: then
 * it is the first behind that picture, and may be smaller than the canvas. The file may be cut off behind it.
 */
function firstFrame(bytes: Uint8Array, hasEnd: boolean): Partial<Container> | undefined {
  const sequence = readPngFrames(bytes, 1, ['PLTE', 'tRNS', 'iCCP', 'eXIf']);
  const [first] = sequence?.frames ?? [];
  if (sequence === undefined || first === undefined) return undefined;
  if (sequence.beginsWithPicture && hasEnd) return undefined;
  return { complete: true, firstPicture: first.still(), margins: marginsOn(sequence, first) };
}
