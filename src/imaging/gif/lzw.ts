/** Number of LZW codes: codes grow up to 12 bits, and then the dictionary starts anew. */
const maxCodes = 4096;

/** Bits of a slot's index. Slots are four times the most entries, so that looking one up rarely meets another. */
const slotBits = 14;
const slots = 1 << slotBits;

/** 2^32 divided by the golden ratio: multiplying by it scatters neighbouring keys (Knuth, "Sorting and searching", 6.4). */
const scatter = 0x9e3779b1;

/** Bits of a key. The generation stands above them in 32 bits, so there can be 2^12 generations. */
const keyBits = 20;
const maxGenerations = 1 << (32 - keyBits);

/**
 * The LZW compressor of GIF (89a specification, appendix F). Its dictionary of (code, index) pairs is a hash table
 * small enough for the fastest cache, which is emptied by counting up a generation and kept from frame to frame.
 */
export class LzwCompressor {
  /** Generation and key of the entry in each slot. */
  readonly #keys = new Uint32Array(slots);
  readonly #codes = new Uint16Array(slots);
  #generation = 0;

  /**
   * Compresses palette indices of a frame into image data as it stands in the file: the size of the first codes, then
   * sub-blocks of up to 255 bytes, then an empty one.
   * @param indices - the palette indices, each below 2 ** indexBits, at least one.
   * @param indexBits - the bits of an index, from 2 to 8.
   */
  compress(indices: Uint8Array, indexBits: number): Uint8Array {
    const clearCode = 1 << indexBits;
    const endCode = clearCode + 1;
    const blocks = new SubBlocks(indexBits, indices.length);
    const keys = this.#keys;
    const codes = this.#codes;
    let nextCode = endCode + 1;
    let codeBits = indexBits + 1;
    let generation = this.#nextGeneration();
    blocks.put(clearCode, codeBits);
    let prefix = indices[0] as number;
    for (let position = 1; position < indices.length; position++) {
      const index = indices[position] as number;
      const key = ((generation << keyBits) | (prefix << 8) | index) >>> 0;
      let slot = Math.imul(key, scatter) >>> (32 - slotBits);
      // An entry of an older generation is as good as an empty slot.
      while (keys[slot] !== key && (keys[slot] as number) >>> keyBits === generation) slot = (slot + 1) % slots;
      if (keys[slot] === key) {
        prefix = codes[slot] as number;
        continue;
      }
      blocks.put(prefix, codeBits);
      if (nextCode < maxCodes) {
        keys[slot] = key;
        codes[slot] = nextCode;
        if (nextCode === 1 << codeBits) codeBits += 1;
        nextCode += 1;
      } else {
        blocks.put(clearCode, codeBits);
        generation = this.#nextGeneration();
        nextCode = endCode + 1;
        codeBits = indexBits + 1;
      }
      prefix = index;
    }
    blocks.put(prefix, codeBits);
    // A reader adds an entry for that last code too, which may be the entry that makes its codes longer.
    if (nextCode < maxCodes && nextCode === 1 << codeBits) codeBits += 1;
    blocks.put(endCode, codeBits);
    return blocks.finish();
  }

  #nextGeneration(): number {
    this.#generation += 1;
    if (this.#generation === maxGenerations) {
      this.#keys.fill(0);
      this.#generation = 1;
    }
    return this.#generation;
  }
}

/** Writes bits, least significant first, in blocks that begin with their length. */
class SubBlocks {
  #bytes: Uint8Array;
  #length = 2;
  /** Offset of the byte that gets the length of the current block. */
  #start = 1;
  #pending = 0;
  #pendingBits = 0;

  constructor(indexBits: number, expectedBytes: number) {
    this.#bytes = new Uint8Array(expectedBytes + 256);
    this.#bytes[0] = indexBits;
  }

  put(code: number, bits: number): void {
    this.#pending |= code << this.#pendingBits;
    this.#pendingBits += bits;
    while (this.#pendingBits >= 8) {
      this.#putByte(this.#pending & 0xff);
      this.#pending >>>= 8;
      this.#pendingBits -= 8;
    }
  }

  finish(): Uint8Array {
    if (this.#pendingBits > 0) this.#putByte(this.#pending);
    const inBlock = this.#length - this.#start - 1;
    this.#bytes[this.#start] = inBlock;
    // An empty last block is the terminator itself.
    if (inBlock > 0) this.#bytes[this.#length++] = 0;
    return this.#bytes.subarray(0, this.#length);
  }

  #putByte(byte: number): void {
    // There has to be room for the byte, and for a length or a terminator behind it.
    if (this.#length + 2 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
    if (this.#length - this.#start === 256) {
      this.#bytes[this.#start] = 255;
      this.#start = this.#length++;
    }
  }
}
