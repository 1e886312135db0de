/** Codes grow up to 12 bits; then the dictionary starts anew. */
const maxCodes = 4096;

/** A power of two, four times what is put in at most, so that looking an entry up rarely meets another. */
const slotBits = 14;
const slots = 1 << slotBits;

/** 2^32 divided by the golden ratio: multiplying by it scatters neighbouring keys (Knuth, "Sorting and searching", 6.4). */
const scatter = 0x9e3779b1;

/** The generation stands above the 20 bits of a key, so there can be 2^12 of them. */
const keyBits = 20;
const maxGenerations = 1 << (32 - keyBits);

/**
 * The LZW compressor of GIF (89a specification, appendix F). Its dictionary of (code, index) pairs is a hash
 * table small enough for the fastest cache, emptied by counting up a generation; it is kept from frame to frame.
 */
export class LzwCompressor {
  /** Generation and key of an entry. */
  readonly #keys = new Uint32Array(slots);
  readonly #codes = new Uint16Array(slots);
  #generation = 0;

  /**
   * Compresses palette indices of a frame into image data as it stands in the file: the size of the first codes, then
   * sub-blocks of up to 255 bytes, then an empty one.
   *
   * @param indices each below 2 ** indexBits, at least one.
   * @param indexBits from 2 to 8.
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
      // What an older generation left is as good as empty.
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
    // A reader adds an entry for that code too, and that may be the one that makes its codes longer.
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

/** Bits, least significant first, in blocks that begin with their length. */
class SubBlocks {
  #bytes: Uint8Array;
  #length = 2;
  /** Where the length of the current block stands. */
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
    // Room for the byte, and for a length or a terminator behind it.
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
