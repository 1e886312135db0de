/** A table of Huffman codes as it stands in a file: how many codes there are of each length, and their symbols. */
export interface HuffmanTable {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

/** How the data of a scan is to be read. */
export interface BlockCoding {
  readonly units: number;
  /** The tables of each block of a unit; undefined where a file defines none. */
  readonly blocksOfUnit: ReadonlyArray<{
    readonly dc: HuffmanTable | undefined;
    readonly ac: HuffmanTable | undefined;
  }>;
  /** Number of units from one restart marker to the next; 0: there are none. */
  readonly restartInterval: number;
}

const longestCode = 16;
const coefficientsOfBlock = 64;

/** Reads the tables of a segment (ITU-T T.81, B.2.4.2), by their class and number in one byte. */
export function readHuffmanTables(segment: Uint8Array): ReadonlyArray<readonly [name: number, table: HuffmanTable]> {
  const tables: Array<readonly [number, HuffmanTable]> = [];
  let offset = 0;
  while (offset + 1 + longestCode <= segment.length) {
    const name = segment[offset] ?? 0;
    const counts = segment.subarray(offset + 1, offset + 1 + longestCode);
    const symbolCount = counts.reduce((sum, count) => sum + count, 0);
    offset += 1 + longestCode;
    tables.push([name, { counts, symbols: segment.subarray(offset, offset + symbolCount) }]);
    offset += symbolCount;
  }
  return tables;
}

/** Whether the data of a scan holds all its blocks (ITU-T T.81, annex F.2), without decoding them. */
export function hasAllBlocks(data: Uint8Array, { units, blocksOfUnit, restartInterval }: BlockCoding): boolean {
  const lookups = new Map<HuffmanTable, Uint16Array>();
  const lookupOf = (table: HuffmanTable) => {
    const lookup = lookups.get(table) ?? lookupTable(table);
    lookups.set(table, lookup);
    return lookup;
  };
  const blocks = blocksOfUnit.flatMap(({ dc, ac }) => (dc && ac ? [{ dc: lookupOf(dc), ac: lookupOf(ac) }] : []));
  if (blocks.length === 0 || blocks.length < blocksOfUnit.length) return false;
  const bits = new BitReader(data);
  for (let unit = 0; unit < units; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) bits.skipRestartMarker();
    for (const { dc, ac } of blocks) if (!skipBlock(bits, dc, ac)) return false;
  }
  return true;
}

/** Makes a table of what the next 16 bits begin with: a code's length, times 256, and its symbol; 0: no code. */
function lookupTable({ counts, symbols }: HuffmanTable): Uint16Array {
  const lookup = new Uint16Array(2 ** longestCode);
  let [from, next] = [0, 0];
  for (const [index, count] of counts.entries()) {
    const span = 2 ** (longestCode - 1 - index);
    for (const symbol of symbols.subarray(next, next + count)) {
      lookup.fill(((index + 1) << 8) | symbol, from, from + span);
      from += span;
    }
    next += count;
  }
  return lookup;
}

/** Skips a block; returns false if there is none. */
function skipBlock(bits: BitReader, dc: Uint16Array, ac: Uint16Array): boolean {
  const size = bits.symbol(dc);
  if (size === undefined) return false;
  bits.skip(size & 0x0f);
  for (let coefficient = 1; coefficient < coefficientsOfBlock; coefficient++) {
    const symbol = bits.symbol(ac);
    if (symbol === undefined) return false;
    const [zeros, bitsOfValue] = [symbol >> 4, symbol & 0x0f];
    // No bits stand for sixteen zeros, or for zeros up to the end.
    if (bitsOfValue === 0 && zeros < 15) break;
    coefficient += zeros;
    bits.skip(bitsOfValue);
  }
  return !bits.isPastEnd;
}

/** Reads bits of a scan, in which a byte of zeros is stuffed behind each of ones. Behind the end there are zeros. */
class BitReader {
  readonly #data: Uint8Array;
  #offset = 0;
  /** The next bits, of which the last one read is the lowest. */
  #bits = 0;
  #bitCount = 0;
  #bitsBehindEnd = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** Whether more bits have been read than there are. */
  get isPastEnd(): boolean {
    return this.#bitsBehindEnd > this.#bitCount;
  }

  /** Reads a code and returns its symbol; undefined if no symbol has that code. */
  symbol(lookup: Uint16Array): number | undefined {
    if (this.#bitCount < longestCode) this.#fill();
    const found = lookup[(this.#bits >> (this.#bitCount - longestCode)) & 0xffff] ?? 0;
    if (found === 0) return undefined;
    this.#bitCount -= found >> 8;
    return found & 0xff;
  }

  /** Skips up to 16 bits. */
  skip(count: number): void {
    if (this.#bitCount < count) this.#fill();
    this.#bitCount -= count;
  }

  skipRestartMarker(): void {
    // Bits are read ahead up to the marker at most, and what is left of them only fills up a byte.
    this.#bitCount = 0;
    this.#bitsBehindEnd = 0;
    this.#offset += 2;
  }

  /** Reads ahead, so that there are more than 16 bits, and no more than 24. */
  #fill(): void {
    while (this.#bitCount <= longestCode) {
      const byte = this.#data[this.#offset];
      const isStuffed = byte === 0xff && this.#data[this.#offset + 1] === 0;
      if (byte === undefined || (byte === 0xff && !isStuffed)) this.#bitsBehindEnd += 8;
      else this.#offset += isStuffed ? 2 : 1;
      this.#bits = ((this.#bits << 8) | (isStuffed || byte !== 0xff ? (byte ?? 0) : 0)) & 0xff_ffff;
      this.#bitCount += 8;
    }
  }
}
