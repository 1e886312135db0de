import type { Container } from './container.js';

const entryBytes = 12;
const stripOffsets = 273;
const stripByteCounts = 279;
const tileOffsets = 324;
const tileByteCounts = 325;
const short = 3;

/** Reads the structure of a TIFF (6.0, section 2): a directory lists where the pixels are, and the next directory. */
export function readTiff(bytes: Uint8Array): Container {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cutOff: Container = { animated: false, complete: false, firstPicture: bytes };
  if (bytes.length < 8) return cutOff;
  const littleEndian = bytes[0] === 0x49;
  const directory = view.getUint32(4, littleEndian);
  if (directory + 2 > bytes.length) return cutOff;
  const nextOffset = directory + 2 + view.getUint16(directory, littleEndian) * entryBytes;
  if (nextOffset > bytes.length) return cutOff;
  const hasNext = nextOffset + 4 <= bytes.length && view.getUint32(nextOffset, littleEndian) !== 0;
  return {
    animated: false,
    complete: pixelsFit(view, littleEndian, directory, nextOffset),
    firstPicture: hasNext ? withZeroAt(bytes, nextOffset) : bytes,
  };
}

/** Copies a file without the offset of its next directory: directories can be many, or lead in a circle. */
function withZeroAt(bytes: Uint8Array, offset: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.fill(0, offset, offset + 4);
  return copy;
}

/** Whether all strips or tiles of the directory lie inside the file. */
function pixelsFit(view: DataView, littleEndian: boolean, directory: number, end: number): boolean {
  let offsets: Values = noValues;
  let byteCounts: Values = noValues;
  for (let entry = directory + 2; entry < end; entry += entryBytes) {
    const tag = view.getUint16(entry, littleEndian);
    if (tag === stripOffsets || tag === tileOffsets) offsets = valuesOf(view, littleEndian, entry);
    if (tag === stripByteCounts || tag === tileByteCounts) byteCounts = valuesOf(view, littleEndian, entry);
  }
  for (let index = 0; index < offsets.count; index++) {
    const byteCount = index < byteCounts.count ? byteCounts.at(index) : 0;
    if (offsets.at(index) + byteCount > view.byteLength) return false;
  }
  return true;
}

/** The values of an entry of a directory, read from the file when they are asked for: there can be millions. */
interface Values {
  readonly count: number;
  at(index: number): number;
}

const noValues: Values = { count: 0, at: () => 0 };

/** Returns the values of an entry of a directory, or one that is infinite if they lie outside of the file. */
function valuesOf(view: DataView, littleEndian: boolean, entry: number): Values {
  const size = view.getUint16(entry + 2, littleEndian) === short ? 2 : 4;
  const count = view.getUint32(entry + 4, littleEndian);
  // Up to four bytes of values stand in the entry itself.
  const start = count * size <= 4 ? entry + 8 : view.getUint32(entry + 8, littleEndian);
  if (start + count * size > view.byteLength) return { count: 1, at: () => Number.POSITIVE_INFINITY };
  return {
    count,
    at: (index) =>
      size === 2 ? view.getUint16(start + 2 * index, littleEndian) : view.getUint32(start + 4 * index, littleEndian),
  };
}
