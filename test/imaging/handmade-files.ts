import { deflateSync } from 'node:zlib';

/** These functions make files that no encoder writes, by hand from the specifications of their formats. */

export function concat(...parts: ReadonlyArray<Uint8Array | string | readonly number[]>): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
}

/** Returns a copy of the bytes that `change` has written into. */
export function changed(bytes: Uint8Array, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

/** Returns the first part of a file: a share from 0 to 1. */
export function cut(bytes: Uint8Array, share: number): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

export function pngChunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

export const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** Makes an 8-bit grey PNG whose header claims this size, with the given chunks between header and end. */
export function png(width: number, height: number, ...chunks: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return concat(pngSignature, pngChunk('IHDR', header), ...chunks, pngChunk('IEND'));
}

/** Makes the data chunk of an 8-bit grey PNG of zeros. */
export function blackPixels(width: number, height: number): Buffer {
  return pngChunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height)));
}

function uint16(value: number): readonly number[] {
  return [value & 0xff, value >> 8];
}

export function gifHeader(width: number, height: number): Buffer {
  return concat('GIF89a', uint16(width), uint16(height), [0x80, 0, 0], [0, 0, 0, 255, 255, 255]);
}

/** Makes a GIF frame whose data ends after its first pixel, which decoders forgive. */
export function gifFrame(left: number, top: number, width: number, height: number): Buffer {
  return concat([0x2c], uint16(left), uint16(top), uint16(width), uint16(height), [0, 2, 2, 0x44, 0x01, 0]);
}

/** Makes a WebP animation that repeats one frame, taken from a WebP of 32×32 pixels. */
export function webpAnimation(still: Uint8Array, frames: number): Buffer {
  const image = still.subarray(12);
  const frameHeader = Buffer.alloc(24);
  frameHeader.write('ANMF', 'latin1');
  frameHeader.writeUInt32LE(16 + image.length, 4);
  frameHeader.set([31, 0, 0, 31, 0, 0, 100], 14);
  const frame = Buffer.concat([frameHeader, image]);
  const head = concat('RIFF', [0, 0, 0, 0], 'WEBP', 'VP8X', [10, 0, 0, 0, 2, 0, 0, 0, 31, 0, 0, 31, 0, 0]);
  const animation = concat('ANIM', [6, 0, 0, 0, 255, 255, 255, 255, 0, 0]);
  const file = Buffer.concat([head, animation, Buffer.alloc(frames * frame.length, frame)]);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}

/** Makes a little-endian TIFF of one directory, whose entries have one 32-bit value each, with `behind` after it. */
export function tiff(
  entries: Readonly<Record<number, number>>,
  next = 0,
  behind: Uint8Array = Buffer.alloc(64),
): Buffer {
  const tags = Object.entries(entries);
  const file = Buffer.alloc(10 + 12 * tags.length + 4);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(tags.length, 8);
  for (const [index, [tag, value]] of tags.entries()) {
    const entry = 10 + 12 * index;
    file.writeUInt16LE(Number(tag), entry);
    file.writeUInt16LE(4, entry + 2);
    file.writeUInt32LE(1, entry + 4);
    file.writeUInt32LE(value, entry + 8);
  }
  file.writeUInt32LE(next, file.length - 4);
  return Buffer.concat([file, behind]);
}

/** Returns the tags of a grey TIFF of one uncompressed strip, which lies behind a directory of nine entries. */
export function greyTiffTags(width: number, height: number, overrides: Readonly<Record<number, number>> = {}) {
  const tags = { 256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 122, 277: 1, 278: height, 279: width * height };
  return { ...tags, ...overrides };
}

/** Returns a copy of a JPEG whose frame header claims another size. */
export function jpegClaiming(jpeg: Uint8Array, width: number, height: number): Buffer {
  return changed(jpeg, (copy) => {
    let offset = 2;
    while (copy[offset + 1] !== 0xc0 && copy[offset + 1] !== 0xc2) offset += 2 + copy.readUInt16BE(offset + 2);
    copy.writeUInt16BE(height, offset + 5);
    copy.writeUInt16BE(width, offset + 7);
  });
}

/** Returns a copy of an AVIF whose image property claims another size. */
export function avifClaiming(avif: Uint8Array, width: number, height: number): Buffer {
  return changed(avif, (copy) => {
    const property = copy.indexOf('ispe');
    copy.writeUInt32BE(width, property + 8);
    copy.writeUInt32BE(height, property + 12);
  });
}
